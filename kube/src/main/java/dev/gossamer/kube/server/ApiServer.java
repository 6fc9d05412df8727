package dev.gossamer.kube.server;

import dev.gossamer.core.lifecycle.Shutdown;
import dev.gossamer.kube.server.admission.AddressRange;
import dev.gossamer.kube.server.admission.Admission;
import dev.gossamer.kube.server.admission.Chain;
import dev.gossamer.kube.server.admission.ConfigRules;
import dev.gossamer.kube.server.admission.DefinitionRules;
import dev.gossamer.kube.server.admission.NamespaceRules;
import dev.gossamer.kube.server.admission.PodRules;
import dev.gossamer.kube.server.admission.ServiceAddresses;
import dev.gossamer.kube.server.admission.WorkloadRules;
import dev.gossamer.kube.server.auth.Authenticator;
import dev.gossamer.kube.server.auth.Authorizer;
import dev.gossamer.kube.server.auth.Reviews;
import dev.gossamer.kube.server.auth.ServiceAccountTokens;
import dev.gossamer.kube.server.auth.SigningKey;
import dev.gossamer.kube.server.certificate.ServerIdentity;
import dev.gossamer.kube.server.discovery.Discovery;
import dev.gossamer.kube.server.http.Front;
import dev.gossamer.kube.server.http.Listener;
import dev.gossamer.kube.server.http.ResourceApi;
import dev.gossamer.kube.server.http.Subresource;
import dev.gossamer.kube.server.http.WebSockets;
import dev.gossamer.kube.server.objects.Objects;
import dev.gossamer.kube.server.objects.Reaper;
import dev.gossamer.kube.server.resource.Catalog;
import dev.gossamer.kube.server.resource.Definitions;
import dev.gossamer.kube.server.resource.Resource;
import dev.gossamer.kube.server.storage.Entry;
import dev.gossamer.kube.server.storage.Store;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A running API server, wired. Thread-safe. */
public final class ApiServer implements AutoCloseable {
    private final Shutdown shutdown = new Shutdown();
    private final ServerIdentity identity;
    private final URI uri;

    private ApiServer(ApiServerConfig config) throws IOException {
        try {
            this.identity = ServerIdentity.open(
                    below(config.data(), "pki"), config.time().now());
            this.uri = wire(config);
        } catch (IOException | RuntimeException e) {
            shutdown.close();
            throw e;
        }
    }

    /**
     * Starts a server and returns once it answers.
     *
     * @throws IOException if an address is taken, or the data directory cannot be read or written
     */
    public static ApiServer start(ApiServerConfig config) throws IOException {
        return new ApiServer(config);
    }

    private static @Nullable Path below(@Nullable Path directory, String name) {
        return directory == null ? null : directory.resolve(name);
    }

    private URI wire(ApiServerConfig config) throws IOException {
        var time = config.time();
        var storeDirectory = below(config.data(), "store");
        var store = storeDirectory == null ? Store.inMemory() : Store.open(storeDirectory);
        shutdown.owns(store);
        var catalog = new Catalog();

        // Who calls, and what they may do.
        var signingKey = new SigningKey(identity.tokenKeys());
        var tokens = new ServiceAccountTokens(signingKey, store, time);
        var authenticator = new Authenticator(identity.adminToken(), tokens);
        var authorizer = new Authorizer(store);
        var reviews = new Reviews(authenticator, tokens, authorizer);

        // What is done with objects. Definitions are served from the moment they are stored.
        var definitions = new Definitions(catalog);
        var range = AddressRange.parse(config.serviceCidr());
        var admission = new Chain(List.<Admission>of(
                new NamespaceRules(store),
                new WorkloadRules(),
                new PodRules(store),
                new ServiceAddresses(store, time, range),
                new ConfigRules(),
                new DefinitionRules(time)));
        var objects = new Objects(store, admission, time, (resource, object, deleted) -> {
            if (resource.is(Definitions.GROUP, Definitions.PLURAL)) {
                if (deleted) {
                    definitions.removed(object);
                } else {
                    definitions.defined(object);
                }
            }
        });
        store.list(Resource.storage(Definitions.GROUP, Definitions.PLURAL), "").entries().stream()
                .map(Entry::object)
                .forEach(definitions::defined);
        Bootstrap.fill(catalog, objects, range.address(1));
        shutdown.owns(Reaper.start(store, catalog, objects));

        // How it is reached.
        var listener = shutdown.owns(
                new Listener(identity.serverKeys(names(config, range), time.now()), ServerIdentity.PASSWORD));
        var sockets = new WebSockets(listener.server());
        var subresources = new HashMap<String, Subresource>();
        subresources.put("/serviceaccounts/token", new AccountTokens(objects, store, tokens, time));
        subresources.put("/pods/log", new PodLogs(objects, config.pods(), time));
        subresources.putAll(PodSubresources.all(objects, time));
        subresources.putAll(PodStreams.all(objects, config.pods(), sockets));
        var resources = new ResourceApi(
                catalog, store, objects, authorizer, time, sockets, Routes.reviews(reviews), subresources);
        var routes = Routes.of(new Discovery(catalog), catalog, signingKey);
        var front = new Front(authenticator::authenticate, authorizer, resources, routes);
        int port = listener.start(front, config.listen(), config.adopted()).getFirst();
        return URI.create("https://" + host(config) + ":" + port);
    }

    private static String host(ApiServerConfig config) {
        var first = config.listen().isEmpty()
                ? new InetSocketAddress("127.0.0.1", 0)
                : config.listen().getFirst();
        var address = first.getAddress();
        if (address == null) {
            return first.getHostString();
        }
        if (address.isAnyLocalAddress()) {
            return "127.0.0.1";
        }
        var text = address.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }

    private static List<String> names(ApiServerConfig config, AddressRange range) {
        var names = new ArrayList<>(List.of(
                "localhost",
                "127.0.0.1",
                "::1",
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local"));
        for (var address : config.listen()) {
            if (address.getAddress() != null && !address.getAddress().isAnyLocalAddress()) {
                names.add(address.getAddress().getHostAddress());
            }
        }
        names.add(range.address(1));
        names.addAll(config.names());
        return names;
    }

    /** Where the first listening address is reached: {@code https://127.0.0.1:6443}. */
    public URI uri() {
        return uri;
    }

    /** The certificate authority that signed the server's certificate. */
    public String caPem() {
        return identity.authorityPem();
    }

    /** The bearer token of the cluster's administrator (group {@code system:masters}). */
    public String adminToken() {
        return identity.adminToken();
    }

    /** A kubeconfig for the administrator, by way of {@code serverUri}. */
    public String kubeconfig(String serverUri) {
        var authority = Base64.getEncoder().encodeToString(caPem().getBytes(StandardCharsets.UTF_8));
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: gossamer
                  cluster:
                    server: %s
                    certificate-authority-data: %s
                users:
                - name: gossamer-admin
                  user:
                    token: %s
                contexts:
                - name: gossamer
                  context:
                    cluster: gossamer
                    user: gossamer-admin
                current-context: gossamer
                """.formatted(serverUri, authority, adminToken());
    }

    /** Ends all connections and, with a data directory, leaves it ready for the next start. */
    @Override
    public void close() {
        shutdown.close();
    }
}
