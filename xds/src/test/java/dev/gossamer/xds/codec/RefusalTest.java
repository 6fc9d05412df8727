package dev.gossamer.xds.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UInt32Value;
import dev.gossamer.core.policy.AuthorizationRule.Terms;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.proto.AuthorizationProto;
import dev.gossamer.proto.WorkloadProto;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Exactly what Istio's node proxy refuses is refused, and nothing else is. */
final class RefusalTest {
    private static final ByteString IPV4 = ByteString.copyFrom(new byte[] {10, 0, 0, 1});

    private static ByteString workload(Consumer<WorkloadProto.Workload.Builder> fill) {
        var workload = WorkloadProto.Workload.newBuilder().setUid("uid").setNamespace("shop");
        fill.accept(workload);
        return WorkloadProto.Address.newBuilder().setWorkload(workload).build().toByteString();
    }

    private static ByteString service(Consumer<WorkloadProto.Service.Builder> fill) {
        var service = WorkloadProto.Service.newBuilder().setNamespace("shop").setHostname("cart");
        fill.accept(service);
        return WorkloadProto.Address.newBuilder().setService(service).build().toByteString();
    }

    private static void assertRefused(ByteString address, String reason) {
        assertThatThrownBy(() -> AddressCodec.decode(address))
                .isInstanceOf(InvalidResourceException.class)
                .hasMessageContaining(reason);
    }

    private static Workload read(Consumer<WorkloadProto.Workload.Builder> fill) throws InvalidResourceException {
        return ((MeshResource.OfWorkload) AddressCodec.decode(workload(fill))).workload();
    }

    @Test
    void refusesWorkloads() {
        assertRefused(ByteString.EMPTY, "neither a workload nor a service");
        assertRefused(ByteString.copyFromUtf8("\n\u0005x"), "not an Address message");
        assertRefused(workload(w -> w.setTunnelProtocolValue(2)), "unknown tunnel protocol 2");
        assertRefused(workload(w -> w.setTunnelProtocolValue(9)), "unknown tunnel protocol 9");
        assertRefused(workload(w -> w.setStatusValue(2)), "unknown workload status 2");
        assertRefused(workload(w -> w.setNetworkModeValue(-1)), "unknown network mode -1");
        assertRefused(
                workload(w -> w.getApplicationTunnelBuilder().setProtocolValue(7)),
                "unknown application tunnel protocol 7");
        assertRefused(workload(w -> w.addAddresses(ByteString.copyFrom(new byte[5]))), "an address of 5 bytes");
        assertRefused(workload(w -> w.addAddresses(ByteString.EMPTY)), "an address of 0 bytes");
        assertRefused(
                workload(w -> w.getWaypointBuilder().setHboneMtlsPort(15008)), "a waypoint without a destination");
    }

    @Test
    void refusesServices() {
        assertRefused(service(s -> s.setIpFamiliesValue(4)), "unknown IP families 4");
        assertRefused(
                service(s -> s.getLoadBalancingBuilder().addRoutingPreferenceValue(0)),
                "unknown load balancing scope 0");
        assertRefused(
                service(s -> s.getLoadBalancingBuilder().addRoutingPreferenceValue(7)),
                "unknown load balancing scope 7");
        assertRefused(service(s -> s.getLoadBalancingBuilder().setModeValue(4)), "unknown load balancing mode 4");
        assertRefused(service(s -> s.getLoadBalancingBuilder().setHealthPolicyValue(2)), "unknown health policy 2");
        assertRefused(service(s -> s.addAddressesBuilder().setAddress(IPV4).setLength(33)), "a prefix length of 33");
        assertRefused(
                service(s -> s.addAddressesBuilder().setAddress(IPV4).setLength(-1)), "a prefix length of 4294967295");
        assertRefused(
                service(s -> s.addWeightedWaypointsBuilder().setWeight(1)),
                "a weighted waypoint without a destination");
        assertRefused(
                service(s -> s.addWeightedWaypointsBuilder().getDestinationBuilder()),
                "a weighted waypoint without a destination");
    }

    @Test
    void readsWhatIsNewerThanItself() throws Exception {
        assertThat(read(w -> w.setWorkloadTypeValue(9)).description().type()).isEqualTo(Workload.Type.POD);
        assertThat(read(w -> w.putServices(
                                "shop/cart",
                                WorkloadProto.PortList.newBuilder()
                                        .addPorts(WorkloadProto.Port.newBuilder()
                                                .setServicePort(80 + (1 << 16))
                                                .setAppProtocolValue(99))
                                        .build()))
                        .services())
                .containsValue(List.of(new ServicePort(80, 0, ServicePort.AppProtocol.UNKNOWN)));
        var service = (MeshResource.OfService) AddressCodec.decode(service(s -> s.setVisibilityValue(5)));
        assertThat(service.service().visibility()).isEqualTo(Service.Visibility.PUBLIC);
    }

    @Test
    void fillsInWhatIsLeftOut() throws Exception {
        var workload = read(w -> {});
        assertThat(workload.identity()).hasToString("spiffe://cluster.local/ns/shop/sa/default");
        assertThat(workload.owner().cluster()).isEqualTo("Kubernetes");
        assertThat(workload.capacity()).isEqualTo(1);
        assertThat(read(w -> w.setCapacity(UInt32Value.of(0))).capacity()).isZero();
        assertThat(read(w -> w.setCapacity(UInt32Value.of(-1))).capacity()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void refusesServicesOfWorkloadsWithoutNamespace() {
        assertRefused(
                workload(w -> w.putServices("cart", WorkloadProto.PortList.getDefaultInstance())),
                "'cart' is not namespace/hostname");
    }

    private static ByteString bytes(MessageLite.Builder message) {
        return message.build().toByteString();
    }

    @Test
    void refusesPoliciesOfUnknownScopeOrAction() {
        assertThatThrownBy(() -> AuthorizationCodec.decode(
                        bytes(AuthorizationProto.Authorization.newBuilder().setScopeValue(3))))
                .hasMessage("unknown policy scope 3");
        assertThatThrownBy(() -> AuthorizationCodec.decode(
                        bytes(AuthorizationProto.Authorization.newBuilder().setActionValue(2))))
                .hasMessage("unknown policy action 2");
    }

    @Test
    void leavesOutRangesAndPatternsThatCannotBeRead() throws Exception {
        var message = AuthorizationProto.Authorization.newBuilder();
        message.addGroupsBuilder()
                .addRulesBuilder()
                .addMatchesBuilder()
                .addNamespaces(AuthorizationProto.StringMatch.getDefaultInstance())
                .addSourceIps(
                        AuthorizationProto.Address.newBuilder().setAddress(IPV4).setLength(33))
                .addSourceIps(AuthorizationProto.Address.newBuilder().setAddress(ByteString.copyFrom(new byte[3])))
                .addNotSourceIps(
                        AuthorizationProto.Address.newBuilder().setAddress(IPV4).setLength(-8));
        var match = AuthorizationCodec.decode(bytes(message))
                .rules()
                .getFirst()
                .clauses()
                .getFirst()
                .matches()
                .getFirst();
        assertThat(match.namespaces()).isEqualTo(Terms.unset());
        assertThat(match.sourceIps()).isEqualTo(Terms.unset());
    }
}
