package dev.gossamer.kube.schema.cel;

import dev.cel.bundle.CelBuilder;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.List;
import java.util.Locale;

/** Adds functions to an environment, declaration and body at once. Confined to the building of one environment. */
final class Declared {
    private final CelBuilder builder;

    Declared(CelBuilder builder) {
        this.builder = builder;
    }

    /** {@code value.name()}. */
    <T> Declared member(String name, CelType result, CelType on, Class<T> type, CelFunctionOverload.Unary<T> body) {
        String id = id(name, on);
        builder.addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration(name, CelOverloadDecl.newMemberOverload(id, result, on)));
        builder.addFunctionBindings(CelFunctionBinding.from(id, type, body));
        return this;
    }

    /** {@code value.name(argument)}. */
    <T, A> Declared member(
            String name,
            CelType result,
            CelType on,
            Class<T> type,
            CelType argument,
            Class<A> argumentType,
            CelFunctionOverload.Binary<T, A> body) {
        String id = id(name, on) + "_" + plain(argument);
        builder.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newMemberOverload(id, result, on, argument)));
        builder.addFunctionBindings(CelFunctionBinding.from(id, type, argumentType, body));
        return this;
    }

    /** {@code value.name(first, second)}. */
    Declared member(
            String name, CelType result, List<CelType> signature, List<Class<?>> types, CelFunctionOverload body) {
        String id = id(name, signature.getFirst()) + "_" + signature.size();
        builder.addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration(name, CelOverloadDecl.newMemberOverload(id, result, signature)));
        builder.addFunctionBindings(CelFunctionBinding.from(id, types, body));
        return this;
    }

    /** {@code name(argument)}. */
    <T> Declared global(
            String name, CelType result, CelType argument, Class<T> type, CelFunctionOverload.Unary<T> body) {
        String id = "k8s_global_" + name.replace('.', '_') + "_" + plain(argument);
        builder.addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration(name, CelOverloadDecl.newGlobalOverload(id, result, argument)));
        builder.addFunctionBindings(CelFunctionBinding.from(id, type, body));
        return this;
    }

    /** {@code name()}. */
    Declared global(String name, CelType result, CelFunctionOverload body) {
        String id = "k8s_global_" + name.replace('.', '_');
        builder.addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration(name, CelOverloadDecl.newGlobalOverload(id, result)));
        builder.addFunctionBindings(CelFunctionBinding.from(id, List.of(), body));
        return this;
    }

    private static String id(String name, CelType on) {
        return "k8s_" + plain(on) + "_" + name;
    }

    private static String plain(CelType type) {
        return type.name().replace('.', '_').toLowerCase(Locale.ROOT);
    }
}
