package dev.gossamer.net.relay;

/** The two ends of a relay: who asked for the connection, and who was asked. Immutable. */
public enum Side {
    CLIENT,
    SERVER;

    Side other() {
        return this == CLIENT ? SERVER : CLIENT;
    }
}
