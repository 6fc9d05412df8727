package dev.gossamer.core.workload;

/** Where a node stands; unknown parts are empty. Immutable. */
public record Locality(String region, String zone, String subzone) {
    public static final Locality UNKNOWN = new Locality("", "", "");

    public boolean isUnknown() {
        return equals(UNKNOWN);
    }
}
