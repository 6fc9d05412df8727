package dev.gossamer.kube.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.install.InstallationException;
import dev.gossamer.kube.install.Installer;
import dev.gossamer.kube.install.Manifests;
import dev.gossamer.kube.install.Progress;
import dev.gossamer.kube.install.Values;
import dev.gossamer.kube.server.ApiServer;
import dev.gossamer.kube.server.ApiServerConfig;
import dev.gossamer.kube.watch.Connection;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole installation on a real API server with real controllers; only the nodes are fakes. */
class InstallerOnServerTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private ApiServer server;
    private KubernetesClient client;
    private Controllers controllers;
    private Installer installer;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.start(ApiServerConfig.onLoopback());
        client = Connection.open(new ConfigBuilder(Config.empty())
                .withMasterUrl(server.uri().toString())
                .withOauthToken(server.adminToken())
                .withCaCertData(
                        Base64.getEncoder().encodeToString(server.caPem().getBytes(StandardCharsets.UTF_8)))
                .build());
        controllers = Controllers.start(client, server.caPem(), TimeSource.SYSTEM);
        installer = new Installer(client, Progress.SILENT, TimeSource.SYSTEM);
    }

    @AfterEach
    void stop() {
        controllers.close();
        client.close();
        server.close();
    }

    @Test
    void installsShrinksAndLeavesNothingBehind() throws Exception {
        try (var _ = FakeNodes.start(client, "node-1", "node-2")) {
            installer.install(Manifests.render(Values.ofDefaults()), LONG);
            assertThat(client.apps()
                            .daemonSets()
                            .inNamespace("istio-system")
                            .withName("ztunnel")
                            .get()
                            .getStatus()
                            .getNumberAvailable())
                    .isEqualTo(2);

            installer.install(Manifests.render(Values.parse(List.of("profile=minimal"))), LONG);
            assertThat(client.apps()
                            .daemonSets()
                            .inNamespace("istio-system")
                            .list()
                            .getItems())
                    .isEmpty();
            assertThat(client.apps()
                            .deployments()
                            .inNamespace("istio-system")
                            .list()
                            .getItems())
                    .hasSize(1);

            installer.uninstall("istio-system", true, LONG);
            assertThat(installer.isInstalled()).isFalse();
            assertThat(client.apiextensions()
                            .v1()
                            .customResourceDefinitions()
                            .list()
                            .getItems())
                    .isEmpty();
            Eventually.holds(() -> assertThat(
                            client.namespaces().withName("istio-system").get())
                    .isNull());
        }
    }

    @Test
    void saysWhatKeepsAComponentFromComingUp() {
        assertThatThrownBy(() -> installer.install(
                        Manifests.render(Values.parse(List.of("profile=minimal"))), Duration.ofSeconds(3)))
                .isInstanceOf(InstallationException.class)
                .hasMessageStartingWith("Deployment istiod is not ready after 3 s: pod istiod-")
                .hasMessageContaining("0/0 nodes are available");
    }
}
