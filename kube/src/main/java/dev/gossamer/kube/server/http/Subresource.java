package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.resource.Resource;
import java.io.IOException;

/** Serves what hangs below an object: {@code pods/log}, {@code serviceaccounts/token}. Implementations are thread-safe. */
@FunctionalInterface
public interface Subresource {
    void serve(Exchange exchange, Resource resource, String namespace, String name)
            throws IOException, ApiException, InterruptedException;
}
