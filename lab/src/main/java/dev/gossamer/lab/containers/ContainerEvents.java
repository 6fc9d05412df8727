package dev.gossamer.lab.containers;

/** Where a container tells what happens to it. Implementations are thread-safe. */
public interface ContainerEvents {
    /** The pod's status has to be written anew. */
    void changed();

    /** Something a user may want to read of, as {@code kubectl describe} shows it. */
    void normal(String reason, String message);

    /** Something is wrong with the pod. */
    void warning(String reason, String message);
}
