package dev.gossamer.lab.containers;

/** A file that maps images to programs cannot be used; the message says where and why. */
public final class InvalidImageMapException extends Exception {
    InvalidImageMapException(String message) {
        super(message, null, false, false);
    }
}
