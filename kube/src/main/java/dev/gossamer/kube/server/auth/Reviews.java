package dev.gossamer.kube.server.auth;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers questions about who someone is and what they may do. Thread-safe: holds no state. */
public final class Reviews {
    private final Authenticator authenticator;
    private final ServiceAccountTokens tokens;
    private final Authorizer authorizer;

    public Reviews(Authenticator authenticator, ServiceAccountTokens tokens, Authorizer authorizer) {
        this.authenticator = authenticator;
        this.tokens = tokens;
        this.authorizer = authorizer;
    }

    /** TokenReview: whose token it is, if it is meant for one of the audiences asked for. */
    public ObjectNode token(ObjectNode question) {
        var status = Json.object();
        var token = Json.text(question, "spec", "token");
        var asked = texts(question.path("spec").path("audiences"));
        var wanted = asked.isEmpty() ? List.of(ServiceAccountTokens.ISSUER) : asked;
        var verified = tokens.verify(token);
        var common = verified == null
                ? List.<String>of()
                : wanted.stream().filter(verified.audiences()::contains).toList();
        var caller = verified != null && !common.isEmpty() ? verified.caller() : null;
        if (caller == null && verified == null && wanted.contains(ServiceAccountTokens.ISSUER)) {
            caller = authenticator.authenticate(token);
            common = List.of(ServiceAccountTokens.ISSUER);
        }
        if (caller == null) {
            status.put("authenticated", false);
            status.putObject("user");
            status.put(
                    "error",
                    verified == null
                            ? "[invalid bearer token, service account token is not valid]"
                            : "[invalid bearer token, token audiences " + verified.audiences()
                                    + " is invalid for the target audiences " + wanted + "]");
        } else {
            status.put("authenticated", true);
            status.set("user", user(caller));
            common.forEach(status.putArray("audiences")::add);
        }
        return answered(question, status);
    }

    private static ObjectNode user(Caller caller) {
        var user = Json.object().put("username", caller.name());
        if (!caller.uid().isEmpty()) {
            user.put("uid", caller.uid());
        }
        caller.groups().forEach(user.putArray("groups")::add);
        if (!caller.extra().isEmpty()) {
            var extra = user.putObject("extra");
            caller.extra().forEach((name, values) -> values.forEach(extra.putArray(name)::add));
        }
        return user;
    }

    /** SelfSubjectReview: who the caller is. */
    public ObjectNode self(ObjectNode question, Caller caller) {
        var status = Json.object();
        status.set("userInfo", user(caller));
        return answered(question, status);
    }

    /** SelfSubjectAccessReview: whether the caller may. */
    public ObjectNode selfAccess(ObjectNode question, Caller caller) throws ApiException {
        return access(question, caller);
    }

    /** SubjectAccessReview: whether someone else may. */
    public ObjectNode subjectAccess(ObjectNode question) throws ApiException {
        var spec = question.path("spec");
        Map<String, List<String>> extra = new HashMap<>();
        spec.path("extra").properties().forEach(field -> extra.put(field.getKey(), texts(field.getValue())));
        var caller = new Caller(Json.text(spec, "user"), Json.text(spec, "uid"), texts(spec.path("groups")), extra);
        if (caller.name().isEmpty() && caller.groups().isEmpty()) {
            throw ApiException.badRequest("spec.user: Required value: at least one of user or group must be specified");
        }
        return access(question, caller);
    }

    private ObjectNode access(ObjectNode question, Caller caller) throws ApiException {
        var spec = question.path("spec");
        var resource = Json.child(spec, "resourceAttributes");
        var path = Json.child(spec, "nonResourceAttributes");
        Attributes wanted;
        if (resource != null) {
            wanted = new Attributes.ForResource(
                    Json.text(resource, "verb"),
                    Json.text(resource, "group"),
                    Json.text(resource, "resource"),
                    Json.text(resource, "subresource"),
                    Json.text(resource, "namespace"),
                    Json.text(resource, "name"));
        } else if (path != null) {
            wanted = new Attributes.ForPath(Json.text(path, "verb"), Json.text(path, "path"));
        } else {
            throw ApiException.badRequest(
                    "spec: exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        return answered(question, Json.object().put("allowed", authorizer.allows(caller, wanted)));
    }

    /** SelfSubjectRulesReview: all that the caller may do in a namespace. */
    public ObjectNode selfRules(ObjectNode question, Caller caller) {
        var status = Json.object().put("incomplete", false);
        var resources = status.putArray("resourceRules");
        var paths = status.putArray("nonResourceRules");
        var rules = new ArrayList<>(authorizer.rules(caller, Json.text(question, "spec", "namespace")));
        if (caller.isIn(Caller.MASTERS)) {
            rules.add(everything("apiGroups", "resources"));
            rules.add(everything("nonResourceURLs"));
        }
        for (var rule : rules) {
            (rule.has("nonResourceURLs") ? paths : resources).add(rule);
        }
        return answered(question, status);
    }

    private static ObjectNode everything(String... fields) {
        var rule = Json.object();
        rule.putArray("verbs").add("*");
        for (var field : fields) {
            rule.putArray(field).add("*");
        }
        return rule;
    }

    private static ObjectNode answered(ObjectNode question, ObjectNode status) {
        Json.ensureObject(question, "metadata");
        question.set("status", status);
        return question;
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.asString("")));
        return texts;
    }
}
