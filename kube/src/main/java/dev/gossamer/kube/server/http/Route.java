package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.failure.ApiException;
import java.io.IOException;

/** Serves the requests to one path. Implementations are thread-safe. */
@FunctionalInterface
public interface Route {
    void serve(Exchange exchange) throws IOException, ApiException, InterruptedException;
}
