package dev.gossamer.xds.codec;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What JSON can hold, between {@code google.protobuf.Struct} and the JDK's collections. Stateless. */
final class Structs {
    private Structs() {}

    /** Null entries are left out. */
    static Map<String, Object> decode(Struct struct) {
        var map = new HashMap<String, Object>();
        struct.getFieldsMap().forEach((key, value) -> {
            var decoded = decode(value);
            if (decoded != null) {
                map.put(key, decoded);
            }
        });
        return map;
    }

    static Struct encode(Map<?, ?> map) {
        var struct = Struct.newBuilder();
        map.forEach((key, value) -> struct.putFields(String.valueOf(key), value(value)));
        return struct.build();
    }

    private static @Nullable Object decode(Value value) {
        return switch (value.getKindCase()) {
            case NULL_VALUE, KIND_NOT_SET -> null;
            case NUMBER_VALUE -> value.getNumberValue();
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> value.getBoolValue();
            case STRUCT_VALUE -> decode(value.getStructValue());
            case LIST_VALUE -> {
                var list = new ArrayList<Object>();
                for (var element : value.getListValue().getValuesList()) {
                    var decoded = decode(element);
                    if (decoded != null) {
                        list.add(decoded);
                    }
                }
                yield list;
            }
        };
    }

    private static Value value(@Nullable Object value) {
        var message = Value.newBuilder();
        return switch (value) {
            case null -> message.setNullValue(NullValue.NULL_VALUE).build();
            case String text -> message.setStringValue(text).build();
            case Boolean flag -> message.setBoolValue(flag).build();
            case Number number -> message.setNumberValue(number.doubleValue()).build();
            case Map<?, ?> map -> message.setStructValue(encode(map)).build();
            case List<?> list -> {
                var elements = ListValue.newBuilder();
                list.forEach(element -> elements.addValues(value(element)));
                yield message.setListValue(elements).build();
            }
            default -> throw new IllegalArgumentException("not what JSON can hold: " + value.getClass());
        };
    }
}
