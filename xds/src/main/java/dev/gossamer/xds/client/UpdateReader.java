package dev.gossamer.xds.client;

import dev.gossamer.xds.codec.AddressCodec;
import dev.gossamer.xds.codec.AuthorizationCodec;
import dev.gossamer.xds.codec.InvalidResourceException;
import dev.gossamer.xds.codec.MeshResource;
import dev.gossamer.xds.delta.DeltaResponse;
import dev.gossamer.xds.delta.TypeUrl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/** Decodes responses and hands them on, resource by resource for what is refused. Confined to the client's thread. */
final class UpdateReader {
    private final MeshListener mesh;

    UpdateReader(MeshListener mesh) {
        this.mesh = mesh;
    }

    /** Returns why resources were not applied, by name; the others were. */
    Map<String, String> apply(DeltaResponse response) {
        var rejected = new HashMap<String, String>();
        try {
            if (response.type().equals(TypeUrl.ADDRESS)) {
                addresses(response, rejected);
            } else if (response.type().equals(TypeUrl.AUTHORIZATION)) {
                policies(response, rejected);
            }
        } catch (RejectedUpdateException e) {
            rejected.putAll(e.reasons());
        }
        return rejected;
    }

    private void addresses(DeltaResponse response, Map<String, String> rejected) throws RejectedUpdateException {
        var changed = new ArrayList<MeshResource>(response.resources().size());
        for (var resource : response.resources()) {
            try {
                changed.add(AddressCodec.decode(resource.payload()));
            } catch (InvalidResourceException e) {
                rejected.put(resource.name(), String.valueOf(e.getMessage()));
            }
        }
        mesh.onAddresses(changed, response.removed());
    }

    private void policies(DeltaResponse response, Map<String, String> rejected) throws RejectedUpdateException {
        var changed =
                new ArrayList<MeshListener.PolicyUpdate>(response.resources().size());
        for (var resource : response.resources()) {
            try {
                changed.add(
                        new MeshListener.PolicyUpdate(resource.name(), AuthorizationCodec.decode(resource.payload())));
            } catch (InvalidResourceException e) {
                rejected.put(resource.name(), String.valueOf(e.getMessage()));
            }
        }
        mesh.onPolicies(changed, response.removed());
    }
}
