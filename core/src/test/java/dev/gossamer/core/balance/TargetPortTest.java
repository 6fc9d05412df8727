package dev.gossamer.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.workload.LoadBalancing;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.ServicePort.AppProtocol;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.core.workload.Workload.ApplicationTunnel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetPortTest {
    private static final ServiceName NAME = new ServiceName("shop", "api.shop.svc.cluster.local");

    @ParameterizedTest
    @CsvSource({
        // service's target for 80 (-1: not listed), endpoint's target (-1: no entry), application tunnel's port (-1:
        // none)
        "8080, -1,   -1,   8080",
        "8080, 9090, -1,   9090",
        "8080, 0,    -1,   8080",
        "0,    9090, -1,   9090",
        "0,    -1,   -1,   0",
        "0,    -1,   0,    0",
        "0,    -1,   8000, 80",
        "-1,   9090, -1,   0",
    })
    void mapsAServicePort(int serviceTarget, int endpointTarget, int tunnelPort, int expected) {
        var service = service(80, serviceTarget);

        assertThat(TargetPort.of(service, endpoint(80, endpointTarget, tunnelPort), 80))
                .isEqualTo(expected);
        assertThat(TargetPort.isListed(service, 80)).isEqualTo(serviceTarget >= 0);
    }

    @ParameterizedTest
    @CsvSource({
        "15008, -1,    -1,   15008",
        "0,     15008, -1,   15008",
        "-1,    -1,    -1,   0",
        "-1,    -1,    8000, 15008",
        "-1,    15008, 0,    15008",
        "-1,    -1,    0,    0",
    })
    void mapsTheTunnelPortOfAWaypoint(int serviceTarget, int endpointTarget, int tunnelPort, int expected) {
        assertThat(TargetPort.ofWaypoint(
                        service(15008, serviceTarget), endpoint(15008, endpointTarget, tunnelPort), 15008))
                .isEqualTo(expected);
    }

    private static Service service(int port, int target) {
        return new Service(
                NAME,
                "api",
                List.of(),
                target < 0 ? List.of() : List.of(new ServicePort(port, target, AppProtocol.TCP)),
                List.of(),
                null,
                List.of(),
                LoadBalancing.DEFAULT,
                Service.IpFamilies.AUTOMATIC,
                false,
                Service.Visibility.PUBLIC);
    }

    private static Workload endpoint(int port, int target, int tunnelPort) {
        var base = EndpointChoiceTest.endpoint("e", "", "", "", "", 1);
        var application = tunnelPort < 0 ? null : new ApplicationTunnel(ApplicationTunnel.Protocol.NONE, tunnelPort);
        return new Workload(
                base.uid(),
                base.owner(),
                base.location(),
                new Workload.Tunnel(Workload.Protocol.HBONE, false, null, null, application),
                base.description(),
                List.of(),
                base.status(),
                target < 0 ? Map.of() : Map.of(NAME, List.of(new ServicePort(port, target, AppProtocol.TCP))),
                1);
    }
}
