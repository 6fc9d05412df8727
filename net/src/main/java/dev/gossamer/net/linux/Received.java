package dev.gossamer.net.linux;

import java.util.ArrayList;
import java.util.List;

/**
 * One datagram and the descriptors that came with it. Who takes one with {@link #takeDescriptor} owns it; {@link #close}
 * closes those that nobody took.
 *
 * <p>Confined to the thread that received it.
 */
public final class Received implements AutoCloseable {
    private final byte[] message;
    private final List<Descriptor> descriptors;

    Received(byte[] message, List<Descriptor> descriptors) {
        this.message = message;
        this.descriptors = new ArrayList<>(descriptors);
    }

    public byte[] message() {
        return message.clone();
    }

    /** How many descriptors are left to take. */
    public int descriptorCount() {
        return descriptors.size();
    }

    /**
     * Hands over the first descriptor that is left.
     *
     * @throws IllegalStateException if there is none
     */
    public int takeDescriptor() {
        if (descriptors.isEmpty()) {
            throw new IllegalStateException("no descriptor left");
        }
        return descriptors.removeFirst().number();
    }

    @Override
    public void close() {
        descriptors.forEach(Descriptor::close);
        descriptors.clear();
    }
}
