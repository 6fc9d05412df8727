package dev.gossamer.xds.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.policy.AuthorizationRule;
import dev.gossamer.core.policy.AuthorizationRule.Clause;
import dev.gossamer.proto.AuthorizationProto;
import dev.gossamer.xds.delta.TypeUrl;
import dev.gossamer.xds.delta.Versioned;
import java.util.ArrayList;
import java.util.List;

/** Between {@code istio.security.Authorization} and the mesh's records. Stateless. */
public final class AuthorizationCodec {
    private AuthorizationCodec() {}

    /** Equal policies have equal bytes, and so equal versions. */
    public static Versioned encode(AuthorizationPolicy policy) {
        var message = AuthorizationProto.Authorization.newBuilder()
                .setName(policy.name())
                .setNamespace(policy.namespace())
                .setDryRun(policy.dryRun())
                .setScope(
                        switch (policy.scope()) {
                            case GLOBAL -> AuthorizationProto.Scope.GLOBAL;
                            case NAMESPACE -> AuthorizationProto.Scope.NAMESPACE;
                            case WORKLOAD_SELECTOR -> AuthorizationProto.Scope.WORKLOAD_SELECTOR;
                        })
                .setAction(
                        switch (policy.action()) {
                            case ALLOW -> AuthorizationProto.Action.ALLOW;
                            case DENY -> AuthorizationProto.Action.DENY;
                        });
        for (var rule : policy.rules()) {
            var group = AuthorizationProto.Group.newBuilder();
            for (var clause : rule.clauses()) {
                var rules = AuthorizationProto.Rules.newBuilder();
                clause.matches().forEach(match -> rules.addMatches(MatchCodec.encode(match)));
                group.addRules(rules);
            }
            message.addGroups(group);
        }
        return Versions.resource(TypeUrl.AUTHORIZATION, policy.key(), message.build(), List.of(), List.of());
    }

    /**
     * Reads a serialized {@code Authorization}.
     *
     * @throws InvalidResourceException for what Istio's node proxy refuses, too
     */
    public static AuthorizationPolicy decode(ByteString authorization) throws InvalidResourceException {
        AuthorizationProto.Authorization message;
        try {
            message = AuthorizationProto.Authorization.parseFrom(authorization);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidResourceException("not an Authorization message: " + e.getMessage());
        }
        var scope =
                switch (message.getScope()) {
                    case GLOBAL -> AuthorizationPolicy.Scope.GLOBAL;
                    case NAMESPACE -> AuthorizationPolicy.Scope.NAMESPACE;
                    case WORKLOAD_SELECTOR -> AuthorizationPolicy.Scope.WORKLOAD_SELECTOR;
                    case UNRECOGNIZED -> throw Addresses.unknown("policy scope", message.getScopeValue());
                };
        var action =
                switch (message.getAction()) {
                    case ALLOW -> AuthorizationPolicy.Action.ALLOW;
                    case DENY -> AuthorizationPolicy.Action.DENY;
                    case UNRECOGNIZED -> throw Addresses.unknown("policy action", message.getActionValue());
                };
        return new AuthorizationPolicy(
                message.getNamespace(), message.getName(), scope, action, rules(message), message.getDryRun());
    }

    private static List<AuthorizationRule> rules(AuthorizationProto.Authorization message) {
        var rules = new ArrayList<AuthorizationRule>();
        for (var group : message.getGroupsList()) {
            var clauses = new ArrayList<Clause>();
            for (var clause : group.getRulesList()) {
                clauses.add(new Clause(
                        clause.getMatchesList().stream().map(MatchCodec::decode).toList()));
            }
            rules.add(new AuthorizationRule(clauses));
        }
        return rules;
    }
}
