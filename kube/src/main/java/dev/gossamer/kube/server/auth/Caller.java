package dev.gossamer.kube.server.auth;

import java.util.List;
import java.util.Map;

/** Who sent a request. Immutable. */
public record Caller(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    public static final String MASTERS = "system:masters";
    public static final String AUTHENTICATED = "system:authenticated";
    public static final String UNAUTHENTICATED = "system:unauthenticated";

    public static final Caller ANONYMOUS = new Caller("system:anonymous", "", List.of(UNAUTHENTICATED), Map.of());
    public static final Caller ADMIN = new Caller("kubernetes-admin", "", List.of(MASTERS, AUTHENTICATED), Map.of());

    /** The server's own loops. */
    public static final Caller SERVER = new Caller("system:apiserver", "", List.of(MASTERS, AUTHENTICATED), Map.of());

    public Caller {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    public boolean isIn(String group) {
        return groups.contains(group);
    }
}
