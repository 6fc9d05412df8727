package dev.gossamer.lab.topology;

import java.io.IOException;

/** A node has no address left for one more pod. */
public final class AddressesExhaustedException extends IOException {
    AddressesExhaustedException(String range) {
        super("every pod address of " + range + " is in use: delete pods, or start the lab with more --nodes");
    }
}
