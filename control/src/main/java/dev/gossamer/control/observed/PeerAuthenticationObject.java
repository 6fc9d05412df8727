package dev.gossamer.control.observed;

import java.util.Map;

/**
 * Whether plain text is taken. Immutable.
 *
 * @param selector empty: the namespace, or the mesh
 */
public record PeerAuthenticationObject(
        Metadata metadata, Map<String, String> selector, Mode mode, Map<Integer, Mode> ports) implements Observed {
    public PeerAuthenticationObject {
        selector = Map.copyOf(selector);
        ports = Map.copyOf(ports);
    }

    public enum Mode {
        UNSET,
        DISABLE,
        PERMISSIVE,
        STRICT;

        /** Plain text is taken. */
        public boolean isOpen() {
            return this == DISABLE || this == PERMISSIVE;
        }
    }

    @Override
    public Kind kind() {
        return Kind.PEER_AUTHENTICATION;
    }
}
