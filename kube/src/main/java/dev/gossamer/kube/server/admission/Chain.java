package dev.gossamer.kube.server.admission;

import dev.gossamer.kube.server.failure.ApiException;
import java.util.List;

/** Several admissions, one after the other. Immutable. */
public record Chain(List<Admission> links) implements Admission {
    public Chain {
        links = List.copyOf(links);
    }

    @Override
    public void admit(Review review) throws ApiException {
        for (var link : links) {
            link.admit(review);
        }
    }
}
