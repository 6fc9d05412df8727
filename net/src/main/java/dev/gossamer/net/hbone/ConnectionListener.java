package dev.gossamer.net.hbone;

/** The client's side of tunnels. Called on the event loop of the connection; nothing in here may wait. */
public interface ConnectionListener {
    /** TLS is up: streams can be opened from now on. */
    void onEstablished(HboneConnection connection);

    /** A stream ended, so that another one may fit; or the peer changed how many do. */
    default void onCapacity(HboneConnection connection) {}

    /** No more streams can be opened; those that are open go on. */
    default void onDraining(HboneConnection connection) {}

    /** Called once, also if TLS failed or the connection was never made. Its streams have been told before. */
    void onClosed(HboneConnection connection, ConnectionEnd end);
}
