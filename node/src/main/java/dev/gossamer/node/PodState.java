package dev.gossamer.node;

/** How far a pod is on its way into the mesh or out of it. Immutable. */
sealed interface PodState {
    /** Nothing of ours is in the pod. */
    record Outside() implements PodState {}

    /** The node proxy is to open its listeners; until it has, connections go their own way. */
    record Entering(long askedNanos) implements PodState {}

    /** What begins goes through the node proxy. */
    record Inside() implements PodState {}

    /** What begins goes its own way; but peers who do not know yet may still come through tunnels. */
    record Leaving(long sinceNanos) implements PodState {}

    /** The node proxy takes nothing new; what was redirected goes on to its end. */
    record Draining() implements PodState {}
}
