package dev.gossamer.control.translate;

import dev.gossamer.control.observed.Metadata;
import dev.gossamer.control.observed.PeerAuthenticationObject;
import dev.gossamer.control.observed.PeerAuthenticationObject.Mode;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which PeerAuthentications hold in one namespace. Immutable.
 *
 * @param inherited what a workload without one of its own gets: the namespace's mode, or else the mesh's
 */
public record PeerModes(Mode inherited) {
    private static final Comparator<PeerAuthenticationObject> OLDEST_FIRST =
            Comparator.comparing(PeerAuthenticationObject::metadata, Metadata.OLDEST_FIRST);

    /**
     * Weighs the policies of the namespace and of the root namespace: on each level the oldest wins.
     *
     * @param local those of the namespace; ignored where it is the root namespace itself
     */
    public static PeerModes of(
            String namespace,
            Collection<PeerAuthenticationObject> local,
            String rootNamespace,
            Collection<PeerAuthenticationObject> root) {
        var mode = widest(root);
        var own = namespace.equals(rootNamespace) ? Mode.UNSET : widest(local);
        return new PeerModes(own == Mode.UNSET ? mode : own);
    }

    private static Mode widest(Collection<PeerAuthenticationObject> policies) {
        return policies.stream()
                .filter(policy -> policy.selector().isEmpty())
                .min(OLDEST_FIRST)
                .map(PeerAuthenticationObject::mode)
                .orElse(Mode.UNSET);
    }

    /** The oldest policy that selects a workload; policies of the root namespace select none. */
    public static @Nullable PeerAuthenticationObject selecting(
            Map<String, String> labels, Collection<PeerAuthenticationObject> local) {
        return local.stream()
                .filter(policy -> !policy.selector().isEmpty() && MeshKeys.selects(policy.selector(), labels))
                .min(OLDEST_FIRST)
                .orElse(null);
    }

    boolean inheritsStrict() {
        return inherited == Mode.STRICT;
    }
}
