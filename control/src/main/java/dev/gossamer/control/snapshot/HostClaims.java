package dev.gossamer.control.snapshot;

import dev.gossamer.control.observed.Kind;
import dev.gossamer.control.observed.Metadata;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may answer for a hostname that several objects claim.
 *
 * <p>Each namespace has one holder: a Kubernetes service, or else the oldest ServiceEntry. One of all the holders is
 * canonical, by the same rule. Confined to the builder's thread.
 */
final class HostClaims {
    private record Claim(Origin origin, Metadata metadata) {
        boolean isService() {
            return origin.kind() == Kind.SERVICE;
        }
    }

    private static final Comparator<Claim> STRONGEST_FIRST = Comparator.comparing((Claim claim) -> !claim.isService())
            .thenComparing(Claim::metadata, Metadata.OLDEST_FIRST);

    private final Map<String, Map<Origin, Claim>> claims = new HashMap<>();
    /** By host: its holders, and whether they are canonical. */
    private final Map<String, Map<Origin, Boolean>> rulings = new HashMap<>();

    private final Set<String> disputed = new HashSet<>();

    void claim(String host, Origin origin, Metadata metadata) {
        claims.computeIfAbsent(host, _ -> new HashMap<>()).put(origin, new Claim(origin, metadata));
        disputed.add(host);
    }

    void withdraw(String host, Origin origin) {
        var present = claims.get(host);
        if (present != null && present.remove(origin) != null) {
            disputed.add(host);
            if (present.isEmpty()) {
                claims.remove(host);
            }
        }
    }

    /** Settles what has changed; returns those who gained or lost by it. */
    Set<Origin> settle() {
        var affected = new HashSet<Origin>();
        for (var host : disputed) {
            var before = rulings.getOrDefault(host, Map.of());
            var after = rule(claims.getOrDefault(host, Map.of()));
            before.forEach((origin, canonical) -> {
                if (!canonical.equals(after.get(origin))) {
                    affected.add(origin);
                }
            });
            after.keySet().stream()
                    .filter(origin -> !before.containsKey(origin))
                    .forEach(affected::add);
            if (after.isEmpty()) {
                rulings.remove(host);
            } else {
                rulings.put(host, after);
            }
        }
        disputed.clear();
        return affected;
    }

    boolean holds(String host, Origin origin) {
        return rulings.getOrDefault(host, Map.of()).containsKey(origin);
    }

    boolean isCanonical(String host, Origin origin) {
        return rulings.getOrDefault(host, Map.of()).getOrDefault(origin, false);
    }

    private static Map<Origin, Boolean> rule(Map<Origin, Claim> claims) {
        var holders = claims.values().stream()
                .collect(Collectors.toMap(
                        claim -> claim.metadata().namespace(),
                        claim -> claim,
                        (one, other) -> STRONGEST_FIRST.compare(one, other) <= 0 ? one : other));
        var canonical = holders.values().stream().min(STRONGEST_FIRST);
        var ruling = new HashMap<Origin, Boolean>();
        for (var holder : holders.values()) {
            ruling.put(holder.origin(), canonical.get() == holder);
        }
        return Map.copyOf(ruling);
    }
}
