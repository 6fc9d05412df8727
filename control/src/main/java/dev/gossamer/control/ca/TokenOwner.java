package dev.gossamer.control.ca;

import dev.gossamer.control.observed.ObjectName;

/**
 * Whose token it is. Immutable.
 *
 * @param podName of the pod that the token is bound to; empty for one that is not bound
 */
public record TokenOwner(ObjectName serviceAccount, String podName, String podUid) {
    boolean isBoundToPod() {
        return !podName.isEmpty() && !podUid.isEmpty();
    }
}
