package dev.gossamer.kube.server;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.server.auth.ServiceAccountTokens;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Cause;
import dev.gossamer.kube.server.failure.Subject;
import dev.gossamer.kube.server.http.Exchange;
import dev.gossamer.kube.server.http.Requests;
import dev.gossamer.kube.server.http.Subresource;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.objects.Objects;
import dev.gossamer.kube.server.resource.Resource;
import dev.gossamer.kube.server.storage.Key;
import dev.gossamer.kube.server.storage.Store;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code serviceaccounts/token}: tokens on request (TokenRequest). Thread-safe: holds no state. */
final class AccountTokens implements Subresource {
    private static final long DEFAULT_SECONDS = 3600;
    private static final long MIN_SECONDS = 600;
    private static final long MAX_SECONDS = 24 * 3600 * 365L;

    private final Objects objects;
    private final Store store;
    private final ServiceAccountTokens tokens;
    private final TimeSource time;

    AccountTokens(Objects objects, Store store, ServiceAccountTokens tokens, TimeSource time) {
        this.objects = objects;
        this.store = store;
        this.tokens = tokens;
        this.time = time;
    }

    @Override
    public void serve(Exchange exchange, Resource resource, String namespace, String name)
            throws IOException, ApiException {
        Requests.requireMethod(exchange, "POST");
        var account = objects.get(resource, namespace, name);
        var request = Requests.object(exchange);
        var spec = Json.ensureObject(request, "spec");
        var audiences = new ArrayList<String>();
        spec.path("audiences").forEach(audience -> audiences.add(audience.asString("")));
        if (audiences.isEmpty()) {
            audiences.add(ServiceAccountTokens.ISSUER);
        }
        long seconds = seconds(spec, name);
        var pod = boundPod(spec, namespace, name);
        var issued = tokens.issue(account, audiences, Duration.ofSeconds(seconds), pod);
        exchange.respond(201, answer(spec, namespace, name, audiences, seconds, issued));
    }

    private ObjectNode answer(
            ObjectNode spec,
            String namespace,
            String name,
            List<String> audiences,
            long seconds,
            ServiceAccountTokens.Issued issued) {
        var answer = Json.object().put("kind", "TokenRequest").put("apiVersion", "authentication.k8s.io/v1");
        answer.putObject("metadata")
                .put("name", name)
                .put("namespace", namespace)
                .put(
                        "creationTimestamp",
                        time.now().truncatedTo(ChronoUnit.SECONDS).toString());
        var list = spec.putArray("audiences");
        audiences.forEach(list::add);
        spec.put("expirationSeconds", seconds);
        answer.set("spec", spec);
        answer.putObject("status")
                .put("token", issued.token())
                .put(
                        "expirationTimestamp",
                        issued.expires().truncatedTo(ChronoUnit.SECONDS).toString());
        return answer;
    }

    private static long seconds(ObjectNode spec, String name) throws ApiException {
        long seconds = Json.number(spec, DEFAULT_SECONDS, "expirationSeconds");
        if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) {
            var why = seconds < MIN_SECONDS
                    ? "may not specify a duration less than 10 minutes"
                    : "may not specify a duration larger than a year";
            throw ApiException.invalid(
                    new Subject("authentication.k8s.io", "tokenrequests", "TokenRequest", name),
                    List.of(new Cause(
                            "FieldValueInvalid", "spec.expirationSeconds", "Invalid value: " + seconds + ": " + why)));
        }
        return seconds;
    }

    private ServiceAccountTokens.@Nullable Pod boundPod(ObjectNode spec, String namespace, String account)
            throws ApiException {
        var reference = Json.child(spec, "boundObjectRef");
        if (reference == null || reference.isEmpty()) {
            return null;
        }
        var subject = new Subject("", "pods", "Pod", Json.text(reference, "name"));
        if (!Json.text(reference, "kind").equals("Pod")) {
            throw ApiException.badRequest("cannot bind token for serviceaccount \"" + account
                    + "\": only pods can be bound, not " + Json.text(reference, "kind"));
        }
        var pod = store.get(new Key("/pods", namespace, subject.name()));
        if (pod == null) {
            throw ApiException.notFound(subject);
        }
        var uid = Json.text(pod.object(), "metadata", "uid");
        var wanted = Json.text(reference, "uid");
        if (!wanted.isEmpty() && !wanted.equals(uid)) {
            throw ApiException.conflict(
                    subject,
                    "the UID in the bound object reference (" + wanted
                            + ") does not match the UID in record. The object"
                            + " might have been deleted and then recreated");
        }
        if (!Json.text(pod.object(), "spec", "serviceAccountName").equals(account)) {
            throw ApiException.badRequest("cannot bind token for serviceaccount \"" + account
                    + "\" to pod running with different serviceaccount name.");
        }
        return new ServiceAccountTokens.Pod(subject.name(), uid, Json.text(pod.object(), "spec", "nodeName"));
    }
}
