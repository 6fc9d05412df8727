package dev.gossamer.net.hbone;

/** The server's side of tunnels. Called on the event loop of the connection; nothing in here may wait. */
public interface ConnectHandler {
    /**
     * A peer asks for a stream. Answered now or later, on the same loop, by {@link HboneStream#accept} or {@link
     * HboneStream#reject}; who answers later listens to the stream from the beginning, since the peer may go away.
     */
    void onConnect(ConnectRequest request, HboneStream stream);

    /** TLS is up, and this is who the peer is: see {@link HboneConnection#peer}. */
    default void onEstablished(HboneConnection connection) {}

    /** Called once per connection, also for one whose TLS failed. Its streams have been told before. */
    default void onClosed(HboneConnection connection, ConnectionEnd end) {}
}
