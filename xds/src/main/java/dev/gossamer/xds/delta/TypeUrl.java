package dev.gossamer.xds.delta;

/** Names a type of resource on the wire. Immutable. */
public record TypeUrl(String value) {
    /** Workloads and services: {@code istio.workload.Address}. */
    public static final TypeUrl ADDRESS = new TypeUrl("type.googleapis.com/istio.workload.Address");

    /** L4 policies: {@code istio.security.Authorization}. */
    public static final TypeUrl AUTHORIZATION = new TypeUrl("type.googleapis.com/istio.security.Authorization");

    /** What follows the last dot: {@code Address}. */
    public String shortName() {
        return value.substring(value.lastIndexOf('.') + 1);
    }

    @Override
    public String toString() {
        return value;
    }
}
