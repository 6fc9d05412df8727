package dev.gossamer.kube.server.auth;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.failure.Subject;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.storage.Key;
import dev.gossamer.kube.server.storage.Store;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Role-based access control: what a caller may do is what the roles bound to it say.
 *
 * <p>Thread-safe: reads roles and bindings from the store each time, so that a change counts at once.
 */
public final class Authorizer {
    private static final String GROUP = "rbac.authorization.k8s.io";

    private final Store store;

    public Authorizer(Store store) {
        this.store = store;
    }

    /** Refuses what the caller may not do. */
    public void require(Caller caller, Attributes wanted) throws ApiException {
        if (!allows(caller, wanted)) {
            throw refusal(caller, wanted);
        }
    }

    private static ApiException refusal(Caller caller, Attributes wanted) {
        return switch (wanted) {
            case Attributes.ForPath(var verb, var path) ->
                ApiException.of(
                        Reason.FORBIDDEN,
                        "forbidden: User \"" + caller.name() + "\" cannot " + verb + " path \"" + path + "\"");
            case Attributes.ForResource resource ->
                ApiException.forbidden(
                        new Subject(resource.group(), resource.resource(), "", resource.name()),
                        "User \"" + caller.name() + "\" cannot " + resource.verb() + " resource \""
                                + resource.qualified() + "\" in API group \"" + resource.group() + "\" "
                                + (resource.namespace().isEmpty()
                                        ? "at the cluster scope"
                                        : "in the namespace \"" + resource.namespace() + "\""));
        };
    }

    public boolean allows(Caller caller, Attributes wanted) {
        if (caller.isIn(Caller.MASTERS)) {
            return true;
        }
        var namespace = wanted instanceof Attributes.ForResource resource ? resource.namespace() : "";
        for (var rule : rules(caller, namespace)) {
            if (covers(rule, wanted)) {
                return true;
            }
        }
        return false;
    }

    /** All rules that hold for the caller in a namespace, those for the whole cluster among them. */
    public List<ObjectNode> rules(Caller caller, String namespace) {
        var rules = new ArrayList<ObjectNode>();
        for (var binding : store.list(GROUP + "/clusterrolebindings", "").entries()) {
            collect(binding.object(), caller, "", rules);
        }
        if (!namespace.isEmpty()) {
            for (var binding : store.list(GROUP + "/rolebindings", namespace).entries()) {
                collect(binding.object(), caller, namespace, rules);
            }
        }
        return rules;
    }

    private void collect(ObjectNode binding, Caller caller, String namespace, List<ObjectNode> rules) {
        for (var subject : binding.path("subjects")) {
            if (isMeant(subject, caller, namespace)) {
                var role = role(binding.path("roleRef"), namespace);
                if (role != null) {
                    role.path("rules").forEach(rule -> {
                        if (rule instanceof ObjectNode object) {
                            rules.add(object);
                        }
                    });
                }
                return;
            }
        }
    }

    private @Nullable ObjectNode role(JsonNode reference, String namespace) {
        var name = Json.text(reference, "name");
        var key = Json.text(reference, "kind").equals("Role")
                ? new Key(GROUP + "/roles", namespace, name)
                : new Key(GROUP + "/clusterroles", "", name);
        var role = store.get(key);
        return role == null ? null : role.object();
    }

    private static boolean isMeant(JsonNode subject, Caller caller, String namespace) {
        var name = Json.text(subject, "name");
        return switch (Json.text(subject, "kind")) {
            case "User" -> name.equals(caller.name());
            case "Group" -> caller.isIn(name);
            case "ServiceAccount" -> {
                var home = Json.text(subject, "namespace");
                yield caller.name().equals(ServiceAccountTokens.userName(home.isEmpty() ? namespace : home, name));
            }
            default -> false;
        };
    }

    private static boolean covers(ObjectNode rule, Attributes wanted) {
        if (!has(rule, "verbs", wanted.verb())) {
            return false;
        }
        return switch (wanted) {
            case Attributes.ForPath path -> coversPath(rule, path.path());
            case Attributes.ForResource resource ->
                has(rule, "apiGroups", resource.group())
                        && coversResource(rule, resource)
                        && (rule.path("resourceNames").isEmpty()
                                || (!resource.name().isEmpty() && lists(rule, "resourceNames", resource.name())));
        };
    }

    private static boolean coversResource(ObjectNode rule, Attributes.ForResource wanted) {
        return has(rule, "resources", wanted.qualified())
                || (!wanted.subresource().isEmpty() && lists(rule, "resources", "*/" + wanted.subresource()));
    }

    private static boolean coversPath(ObjectNode rule, String path) {
        for (var pattern : rule.path("nonResourceURLs")) {
            var text = pattern.asString("");
            boolean prefix = text.endsWith("*");
            if (text.equals(path) || (prefix && path.startsWith(text.substring(0, text.length() - 1)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(ObjectNode rule, String field, String value) {
        return lists(rule, field, "*") || lists(rule, field, value);
    }

    private static boolean lists(ObjectNode rule, String field, String value) {
        for (var listed : rule.path(field)) {
            if (listed.asString("").equals(value)) {
                return true;
            }
        }
        return false;
    }
}
