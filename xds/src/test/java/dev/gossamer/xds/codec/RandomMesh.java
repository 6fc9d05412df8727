package dev.gossamer.xds.codec;

import dev.gossamer.core.policy.AddressRange;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.policy.AuthorizationRule;
import dev.gossamer.core.policy.AuthorizationRule.Clause;
import dev.gossamer.core.policy.AuthorizationRule.Match;
import dev.gossamer.core.policy.AuthorizationRule.ServiceAccount;
import dev.gossamer.core.policy.AuthorizationRule.Terms;
import dev.gossamer.core.policy.TextPattern;
import dev.gossamer.core.workload.GatewayAddress;
import dev.gossamer.core.workload.LoadBalancing;
import dev.gossamer.core.workload.Locality;
import dev.gossamer.core.workload.NetworkAddress;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.VirtualAddress;
import dev.gossamer.core.workload.Workload;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Makes any workload, service and policy that the records allow. */
final class RandomMesh {
    private final Random random;

    RandomMesh(long seed) {
        this.random = new Random(seed);
    }

    private <T> List<T> some(Supplier<T> one) {
        var list = new ArrayList<T>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(one.get());
        }
        return list;
    }

    private <E> E any(E[] values) {
        return values[random.nextInt(values.length)];
    }

    private String text() {
        return random.nextInt(4) == 0 ? "" : "t" + random.nextInt(1000) + "-é";
    }

    private String filled() {
        return "f" + random.nextInt(1000);
    }

    private InetAddress address() {
        var bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private ServiceName serviceName() {
        return new ServiceName(text(), "h" + random.nextInt(1000) + ".example");
    }

    private int port() {
        return 1 + random.nextInt(65535);
    }

    private ServicePort servicePort() {
        return new ServicePort(port(), random.nextInt(65536), any(ServicePort.AppProtocol.values()));
    }

    private GatewayAddress gateway() {
        return new GatewayAddress(
                random.nextBoolean()
                        ? new GatewayAddress.Destination.Host(serviceName())
                        : new GatewayAddress.Destination.Address(new NetworkAddress(text(), address())),
                port());
    }

    private <T> T maybe(Supplier<T> one) {
        return random.nextBoolean() ? one.get() : null;
    }

    Workload workload() {
        var services = new HashMap<ServiceName, List<ServicePort>>();
        for (int i = random.nextInt(5); i > 0; i--) {
            services.put(serviceName(), some(this::servicePort));
        }
        return new Workload(
                "uid/" + filled(),
                new Workload.Owner(text(), text(), filled(), filled(), filled()),
                new Workload.Location(
                        some(this::address),
                        text(),
                        text(),
                        any(Workload.NetworkMode.values()),
                        text(),
                        new Locality(text(), text(), text())),
                new Workload.Tunnel(
                        any(Workload.Protocol.values()),
                        random.nextBoolean(),
                        maybe(this::gateway),
                        maybe(this::gateway),
                        maybe(() -> new Workload.ApplicationTunnel(
                                any(Workload.ApplicationTunnel.Protocol.values()), random.nextInt(65536)))),
                new Workload.Description(text(), any(Workload.Type.values()), text(), text()),
                some(this::filled),
                any(Workload.Status.values()),
                services,
                random.nextInt(Integer.MAX_VALUE));
    }

    Service service() {
        return new Service(
                serviceName(),
                text(),
                some(() -> {
                    var address = address();
                    int width = address.getAddress().length * 8;
                    return new VirtualAddress(new NetworkAddress(text(), address), random.nextInt(width + 1));
                }),
                some(this::servicePort),
                some(this::filled),
                maybe(this::gateway),
                some(() -> new Service.WeightedWaypoint(gateway(), random.nextInt() & 0xFFFFFFFFL)),
                new LoadBalancing(
                        some(() -> any(LoadBalancing.Scope.values())),
                        any(LoadBalancing.Mode.values()),
                        any(LoadBalancing.HealthPolicy.values())),
                any(Service.IpFamilies.values()),
                random.nextBoolean(),
                any(Service.Visibility.values()));
    }

    AuthorizationPolicy policy() {
        return new AuthorizationPolicy(
                filled(),
                filled(),
                any(AuthorizationPolicy.Scope.values()),
                any(AuthorizationPolicy.Action.values()),
                some(() -> new AuthorizationRule(some(() -> new Clause(some(this::match))))),
                random.nextBoolean());
    }

    private Match match() {
        return new Match(
                terms(this::pattern),
                terms(this::pattern),
                terms(() -> new ServiceAccount(text(), text())),
                terms(this::range),
                terms(this::range),
                terms(() -> random.nextInt(65536)));
    }

    private <T> Terms<T> terms(Supplier<T> one) {
        return new Terms<>(some(one), some(one));
    }

    private TextPattern pattern() {
        return switch (random.nextInt(4)) {
            case 0 -> new TextPattern.Exact(text());
            case 1 -> new TextPattern.Prefix(text());
            case 2 -> new TextPattern.Suffix(text());
            default -> new TextPattern.Presence();
        };
    }

    private AddressRange range() {
        var address = address();
        return new AddressRange(address, random.nextInt(address.getAddress().length * 8 + 1));
    }
}
