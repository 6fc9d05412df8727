package dev.gossamer.kube.controller;

import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of replacing replicas a few at a time.
 *
 * <p>Immutable.
 *
 * @param replicas how many there are to be
 * @param maxSurge how many more there may be meanwhile
 * @param maxUnavailable how many fewer may be available meanwhile
 */
record Rollout(int replicas, int maxSurge, int maxUnavailable) {
    /** Surge rounds up and unavailability down; both zero would never move. */
    static Rollout of(
            int replicas,
            @Nullable IntOrString maxSurge,
            @Nullable IntOrString maxUnavailable,
            String surgeDefault,
            String unavailableDefault) {
        int surge = share(maxSurge, surgeDefault, replicas, true);
        int unavailable = share(maxUnavailable, unavailableDefault, replicas, false);
        return new Rollout(replicas, surge, surge == 0 && unavailable == 0 ? 1 : unavailable);
    }

    /** How large the new set may be now, given its size and that of all sets together. */
    int newSize(int newReplicas, int allReplicas) {
        if (newReplicas >= replicas) {
            return replicas;
        }
        int room = replicas + maxSurge - allReplicas;
        return newReplicas + Math.clamp(room, 0, replicas - newReplicas);
    }

    /** How many old replicas may go now, counting those that are of no use anyway. */
    int removableOld(int allReplicas, int newReplicas, int newAvailable) {
        int minAvailable = replicas - maxUnavailable;
        int newUnavailable = newReplicas - newAvailable;
        return Math.max(0, allReplicas - minAvailable - newUnavailable);
    }

    /** How many old replicas that are available may go now. */
    int removableAvailable(int allAvailable) {
        return Math.max(0, allAvailable - (replicas - maxUnavailable));
    }

    private static int share(@Nullable IntOrString value, String defaultValue, int of, boolean roundUp) {
        var text = value == null
                ? defaultValue
                : value.getStrVal() != null ? value.getStrVal() : String.valueOf(value.getIntVal());
        if (!text.endsWith("%")) {
            return Math.max(0, Integer.parseInt(text));
        }
        long hundredths = (long) Integer.parseInt(text.substring(0, text.length() - 1)) * of;
        return (int) Math.max(0, roundUp ? Math.ceilDiv(hundredths, 100) : hundredths / 100);
    }
}
