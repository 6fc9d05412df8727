package dev.gossamer.ztunnel.state;

import dev.gossamer.core.identity.SpiffeId;

/** Is told for which identities this node needs certificates. Called by the thread that updates the mesh. */
public interface LocalIdentityListener {
    /** A workload of the identity came to this node or changed; told again for later ones. */
    void onIdentity(SpiffeId identity);

    /** The last one left. */
    void onIdentityGone(SpiffeId identity);

    LocalIdentityListener NONE = new LocalIdentityListener() {
        @Override
        public void onIdentity(SpiffeId identity) {}

        @Override
        public void onIdentityGone(SpiffeId identity) {}
    };
}
