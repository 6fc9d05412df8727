package dev.gossamer.lab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gossamer.net.loop.Loops;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Hashtable;
import java.util.Map;
import javax.naming.NameNotFoundException;
import javax.naming.directory.Attributes;
import javax.naming.directory.InitialDirContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Asked by the JDK's own DNS client, which goes to TCP when told to. */
final class DnsServerTest {
    private final ServiceCatalog catalog = new ServiceCatalog();
    private Loops loops;
    private DnsServer server;

    @BeforeEach
    void start() throws Exception {
        loops = Loops.start("dns-test", 1);
        // The port that the kernel gives for UDP may be in use for TCP by another program.
        for (int tries = 1; server == null; tries++) {
            try {
                server = DnsServer.start(new InetSocketAddress("127.0.0.1", 0), new DnsZone(catalog), loops);
            } catch (IOException e) {
                if (tries == 20) {
                    throw e;
                }
            }
        }
    }

    @AfterEach
    void stop() {
        server.close();
        loops.close();
    }

    private Attributes ask(String name, String type) throws Exception {
        var environment = new Hashtable<String, String>();
        environment.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        environment.put("java.naming.provider.url", "dns://127.0.0.1:" + server.port());
        var context = new InitialDirContext(environment);
        try {
            return context.getAttributes(name, new String[] {type});
        } finally {
            context.close();
        }
    }

    private void service(String name, String ip) {
        catalog.put(new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withClusterIP(ip)
                .addNewPort()
                .withName("http")
                .withPort(80)
                .endPort()
                .endSpec()
                .build());
    }

    @Test
    void answersAnAddress() throws Exception {
        service("cart", "10.96.0.5");
        assertThat(ask("cart.shop.svc.cluster.local", "A").get("A").get()).isEqualTo("10.96.0.5");
    }

    @Test
    void answersAPort() throws Exception {
        service("cart", "10.96.0.5");
        assertThat(ask("_http._tcp.cart.shop.svc.cluster.local", "SRV")
                        .get("SRV")
                        .get())
                .isEqualTo("0 100 80 cart.shop.svc.cluster.local.");
    }

    @Test
    void saysThatThereIsNoSuchName() {
        assertThat(catchThrowable(() -> ask("none.shop.svc.cluster.local", "A")))
                .isInstanceOf(NameNotFoundException.class);
    }

    @Test
    void answersByTcpWhatADatagramCannotHold() throws Exception {
        service("many", "None");
        var slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("many-1")
                .withLabels(Map.of("kubernetes.io/service-name", "many"))
                .endMetadata()
                .withAddressType("IPv4")
                .withPorts(new EndpointPort(null, "http", 80, "TCP"));
        for (int i = 1; i <= 100; i++) {
            slice.addNewEndpoint().withAddresses("10.20.1." + i).endEndpoint();
        }
        catalog.put(slice.build());
        assertThat(ask("many.shop.svc.cluster.local", "A").get("A").size()).isEqualTo(100);
    }
}
