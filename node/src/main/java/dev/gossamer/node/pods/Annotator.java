package dev.gossamer.node.pods;

/** Tells the world whether a pod's connections go through the node proxy. Thread-safe. */
@FunctionalInterface
public interface Annotator {
    /**
     * Returns also if the pod is gone.
     *
     * @throws Redirection.AnnotationFailedException if the API did not take it: worth another try
     */
    void annotate(LocalPod pod, Redirection.Status status) throws Redirection.AnnotationFailedException;
}
