package dev.gossamer.lab.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets in, decided by identity at the destination. */
final class PolicyIT {
    private static final String ALLOW_FRONTEND = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: allow-frontend, namespace: production}
            spec:
              selector: {matchLabels: {app: api}}
              action: ALLOW
              rules:
              - from:
                - source: {principals: [cluster.local/ns/production/sa/frontend]}
            """;
    private static final String DENY_CANARY = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: deny-canary, namespace: production}
            spec:
              selector: {matchLabels: {app: api}}
              action: DENY
              rules:
              - from:
                - source: {principals: [cluster.local/ns/production/sa/api-canary]}
            """;
    private static final String STRICT = """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: production}
            spec: {mtls: {mode: STRICT}}
            """;

    private MeshLab lab;

    @BeforeEach
    void enrol() throws Exception {
        lab = MeshLab.shared();
        lab.enrol();
    }

    @AfterEach
    void clear() throws Exception {
        for (var policy : new String[] {ALLOW_FRONTEND, DENY_CANARY, STRICT}) {
            lab.client().resource(policy).delete();
        }
        lab.leave();
    }

    @Test
    void letsInOnlyWhomAnAllowPolicyNames() throws Exception {
        var api = address(lab.stable());
        apply(ALLOW_FRONTEND);

        MeshLab.await("the canary is refused", () -> !connects(lab.canary(), api));
        assertThat(connects(lab.frontend(), api)).isTrue();
        MeshLab.await(
                "the refusal is in the log",
                () -> lab.log(lab.ztunnelOf(lab.stable()))
                        .lines()
                        .anyMatch(line -> line.contains("allow policies exist, but none allowed")
                                && line.contains("sa/api-canary")));
    }

    @Test
    void namesThePolicyThatDenied() throws Exception {
        var api = address(lab.stable());
        apply(DENY_CANARY);

        MeshLab.await("the canary is refused", () -> !connects(lab.canary(), api));
        assertThat(connects(lab.frontend(), api)).isTrue();
        MeshLab.await(
                "the policy is in the log",
                () -> lab.log(lab.ztunnelOf(lab.stable()))
                        .lines()
                        .anyMatch(line -> line.contains("explicitly denied by: production/deny-canary")));
        assertThat(lab.get(lab.ztunnelOf(lab.stable()), 15020, "/metrics")).contains("response_flags=\"DENY\"");
    }

    @Test
    void cutsALiveConnectionThatANewPolicyDenies() throws Exception {
        var canary = lab.canary();
        var before = lab.calls(canary).failed() + lab.calls(canary).reconnects();
        apply(DENY_CANARY);

        MeshLab.await(
                "the canary's kept connection is cut",
                () -> lab.calls(canary).failed() + lab.calls(canary).reconnects() > before);
    }

    @Test
    void refusesAnOutsiderInStrictMode() throws Exception {
        var api = address(lab.stable());
        // The lab's DNS-free outsider: a pod of the system that is not in the mesh.
        var outsider = lab.pod(MeshLab.SYSTEM, "app", "istiod");
        assertThat(connects(outsider, api)).as("permissive lets plain text in").isTrue();

        apply(STRICT);

        MeshLab.await("the outsider is refused", () -> !connects(outsider, api));
        assertThat(connects(lab.frontend(), api)).isTrue();
    }

    @Test
    void saysInThePolicysStatusThatTheZtunnelTookIt() throws Exception {
        apply(ALLOW_FRONTEND);

        MeshLab.await(
                "the status is written",
                () -> lab.client().resource(ALLOW_FRONTEND).get().toString().contains("ZtunnelAccepted"));
    }

    private void apply(String manifest) {
        lab.client()
                .load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
                .serverSideApply();
    }

    private static String address(Pod pod) {
        return pod.getStatus().getPodIP();
    }

    /** One request on a new connection, by a program that runs in the pod's namespaces. */
    private boolean connects(Pod from, String address) throws Exception {
        return lab.exec(
                                from,
                                "bash",
                                "-c",
                                "exec 3<>/dev/tcp/" + address
                                        + "/8080 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && timeout 5 cat <&3 | grep -q '200 OK'")
                        .exitCode()
                == 0;
    }
}
