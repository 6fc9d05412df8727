package dev.gossamer.lab.volumes;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects that a test puts there. Confined to the test. */
public final class FakeObjects implements NamespaceObjects {
    private final Map<String, Map<String, byte[]>> configMaps = new HashMap<>();
    private final Map<String, Map<String, byte[]>> secrets = new HashMap<>();
    /** What the next tokens are stamped with. */
    public Instant now = Instant.EPOCH;

    public int tokens;

    public void configMap(String name, Map<String, String> data) {
        configMaps.put(name, bytes(data));
    }

    public void secret(String name, Map<String, String> data) {
        secrets.put(name, bytes(data));
    }

    private static Map<String, byte[]> bytes(Map<String, String> data) {
        var bytes = new HashMap<String, byte[]>();
        data.forEach((key, value) -> bytes.put(key, value.getBytes(StandardCharsets.UTF_8)));
        return bytes;
    }

    @Override
    public @Nullable Map<String, byte[]> configMap(String name) {
        return configMaps.get(name);
    }

    @Override
    public @Nullable Map<String, byte[]> secret(String name) {
        return secrets.get(name);
    }

    @Override
    public List<ServiceLink> services() {
        return List.of();
    }

    @Override
    public Token token(String serviceAccount, PodIdentity pod, String audience, Duration lifetime) {
        tokens++;
        return new Token(serviceAccount + "|" + audience + "|" + tokens, now, now.plus(lifetime));
    }

    @Override
    public String certificateAuthority() {
        return "CA";
    }
}
