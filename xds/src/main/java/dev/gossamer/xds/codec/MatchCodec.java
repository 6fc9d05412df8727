package dev.gossamer.xds.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.gossamer.core.policy.AddressRange;
import dev.gossamer.core.policy.AuthorizationRule.Match;
import dev.gossamer.core.policy.AuthorizationRule.ServiceAccount;
import dev.gossamer.core.policy.AuthorizationRule.Terms;
import dev.gossamer.core.policy.TextPattern;
import dev.gossamer.proto.AuthorizationProto;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one match of a policy names.
 *
 * <p>As in Istio's node proxy, a range or a pattern that cannot be read is left out instead of failing the policy: a
 * match that then names nothing never matches. Stateless.
 */
final class MatchCodec {
    private MatchCodec() {}

    static Match decode(AuthorizationProto.Match message) {
        return new Match(
                new Terms<>(patterns(message.getNamespacesList()), patterns(message.getNotNamespacesList())),
                new Terms<>(patterns(message.getPrincipalsList()), patterns(message.getNotPrincipalsList())),
                new Terms<>(accounts(message.getServiceAccountsList()), accounts(message.getNotServiceAccountsList())),
                new Terms<>(ranges(message.getSourceIpsList()), ranges(message.getNotSourceIpsList())),
                new Terms<>(ranges(message.getDestinationIpsList()), ranges(message.getNotDestinationIpsList())),
                new Terms<>(message.getDestinationPortsList(), message.getNotDestinationPortsList()));
    }

    static AuthorizationProto.Match encode(Match match) {
        var message = AuthorizationProto.Match.newBuilder()
                .addAllDestinationPorts(match.destinationPorts().any())
                .addAllNotDestinationPorts(match.destinationPorts().none());
        match.namespaces().any().forEach(pattern -> message.addNamespaces(encode(pattern)));
        match.namespaces().none().forEach(pattern -> message.addNotNamespaces(encode(pattern)));
        match.principals().any().forEach(pattern -> message.addPrincipals(encode(pattern)));
        match.principals().none().forEach(pattern -> message.addNotPrincipals(encode(pattern)));
        match.serviceAccounts().any().forEach(account -> message.addServiceAccounts(encode(account)));
        match.serviceAccounts().none().forEach(account -> message.addNotServiceAccounts(encode(account)));
        match.sourceIps().any().forEach(range -> message.addSourceIps(encode(range)));
        match.sourceIps().none().forEach(range -> message.addNotSourceIps(encode(range)));
        match.destinationIps().any().forEach(range -> message.addDestinationIps(encode(range)));
        match.destinationIps().none().forEach(range -> message.addNotDestinationIps(encode(range)));
        return message.build();
    }

    private static List<TextPattern> patterns(List<AuthorizationProto.StringMatch> messages) {
        return messages.stream()
                .map(MatchCodec::pattern)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    private static @Nullable TextPattern pattern(AuthorizationProto.StringMatch message) {
        return switch (message.getMatchTypeCase()) {
            case EXACT -> new TextPattern.Exact(message.getExact());
            case PREFIX -> new TextPattern.Prefix(message.getPrefix());
            case SUFFIX -> new TextPattern.Suffix(message.getSuffix());
            case PRESENCE -> new TextPattern.Presence();
            case MATCHTYPE_NOT_SET -> null;
        };
    }

    private static AuthorizationProto.StringMatch encode(TextPattern pattern) {
        var message = AuthorizationProto.StringMatch.newBuilder();
        return switch (pattern) {
            case TextPattern.Exact(var text) -> message.setExact(text).build();
            case TextPattern.Prefix(var text) -> message.setPrefix(text).build();
            case TextPattern.Suffix(var text) -> message.setSuffix(text).build();
            case TextPattern.Presence() ->
                message.setPresence(Empty.getDefaultInstance()).build();
        };
    }

    private static List<ServiceAccount> accounts(List<AuthorizationProto.ServiceAccountMatch> messages) {
        return messages.stream()
                .map(message -> new ServiceAccount(message.getNamespace(), message.getServiceAccount()))
                .toList();
    }

    private static AuthorizationProto.ServiceAccountMatch encode(ServiceAccount account) {
        return AuthorizationProto.ServiceAccountMatch.newBuilder()
                .setNamespace(account.namespace())
                .setServiceAccount(account.name())
                .build();
    }

    private static List<AddressRange> ranges(List<AuthorizationProto.Address> messages) {
        return messages.stream()
                .map(MatchCodec::range)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    private static @Nullable AddressRange range(AuthorizationProto.Address message) {
        int width = message.getAddress().size() * 8;
        if (width != 32 && width != 128 || Integer.compareUnsigned(message.getLength(), width) > 0) {
            return null;
        }
        try {
            return new AddressRange(
                    InetAddress.getByAddress(message.getAddress().toByteArray()), message.getLength());
        } catch (UnknownHostException | IllegalArgumentException e) {
            // An IPv4 address in the form of IPv6, which the JDK shortens: no peer of a policy has one.
            return null;
        }
    }

    private static AuthorizationProto.Address encode(AddressRange range) {
        return AuthorizationProto.Address.newBuilder()
                .setAddress(ByteString.copyFrom(range.address().getAddress()))
                .setLength(range.prefixLength())
                .build();
    }
}
