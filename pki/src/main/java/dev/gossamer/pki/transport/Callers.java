package dev.gossamer.pki.transport;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;

/** Reads what callers present about themselves, and keeps it at hand while their call is served. Stateless. */
public final class Callers {
    private static final Context.Key<CallerCredentials> CURRENT = Context.key("caller");
    private static final String BEARER = "Bearer ";
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> CLUSTER_ID =
            Metadata.Key.of("clusterid", Metadata.ASCII_STRING_MARSHALLER);

    private Callers() {}

    /** The service, with {@link #current} working in it. */
    public static ServerServiceDefinition identified(ServerServiceDefinition service) {
        return ServerInterceptors.intercept(service, new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                var context = Context.current().withValue(CURRENT, read(call, headers));
                return Contexts.interceptCall(context, call, headers, next);
            }
        });
    }

    /** Who calls; to be asked on a thread of the call. */
    public static CallerCredentials current() {
        var caller = CURRENT.get();
        if (caller == null) {
            throw new IllegalStateException("asked for the caller outside of a call");
        }
        return caller;
    }

    private static CallerCredentials read(ServerCall<?, ?> call, Metadata headers) {
        var authorization = headers.get(AUTHORIZATION);
        var token = authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).strip()
                : null;
        var cluster = headers.get(CLUSTER_ID);
        var remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return new CallerCredentials(
                token, cluster == null ? "" : cluster, remote == null ? "unknown" : remote.toString());
    }
}
