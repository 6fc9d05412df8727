package dev.gossamer.ztunnel.admin;

import dev.gossamer.core.telemetry.AccessRecord;
import dev.gossamer.core.telemetry.AccessRecord.Direction;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.pki.Pem;
import dev.gossamer.pki.renew.CertificateStatus;
import dev.gossamer.pki.renew.CertificateStore;
import dev.gossamer.ztunnel.config.ZtunnelConfig;
import dev.gossamer.ztunnel.inpod.PodRegistry;
import dev.gossamer.ztunnel.pod.LiveConnection;
import dev.gossamer.ztunnel.state.MeshState;
import dev.gossamer.ztunnel.telemetry.ConnectionFacts;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * All that the proxy knows and does, as istioctl reads it.
 *
 * <p>Immutable; what it shows is of the moment in which it is asked.
 *
 * @param pods absent pods: none are served through a node agent
 */
public record ConfigDump(
        ZtunnelConfig config, MeshState mesh, CertificateStore certificates, Supplier<List<PodRegistry.Status>> pods) {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    public String render() {
        var view = mesh.view();
        var dump = new LinkedHashMap<String, Object>();
        dump.put("workloads", MeshDump.workloads(view));
        dump.put("services", MeshDump.services(view));
        dump.put("policies", MeshDump.policies(view));
        dump.put("stagedServices", Map.of());
        dump.put("staticConfig", Map.of());
        dump.put("version", version());
        dump.put("config", config.effective());
        dump.put(
                "certificates",
                certificates.statuses().stream().map(ConfigDump::certificate).toList());
        if (config.mode() instanceof ZtunnelConfig.Mode.Shared) {
            dump.put("workloadState", workloadState());
        }
        return JsonWriter.write(dump);
    }

    private Map<String, Object> version() {
        var version = new LinkedHashMap<String, Object>();
        var own = ConfigDump.class.getPackage().getImplementationVersion();
        version.put("version", own == null ? "unknown" : own);
        version.put("gitRevision", "unknown");
        // istioctl expects the key; what it holds is shown as it is.
        version.put("rustVersion", "none (Java " + Runtime.version() + ")");
        version.put("buildProfile", "release");
        version.put("buildStatus", "Clean");
        version.put("istioVersion", config.node().version());
        version.put("cryptoProvider", "boringssl");
        return version;
    }

    private static Map<String, Object> certificate(CertificateStatus status) {
        var out = new LinkedHashMap<String, Object>();
        out.put("identity", status.identity().toString());
        switch (status) {
            case CertificateStatus.Available available -> {
                out.put("state", "Available");
                out.put(
                        "certChain",
                        available.svid().chain().stream().map(ConfigDump::x509).toList());
                out.put(
                        "rootCerts",
                        available.svid().roots().certificates().stream()
                                .map(ConfigDump::x509)
                                .toList());
            }
            case CertificateStatus.Initializing _ -> withoutChain(out, "Initializing");
            case CertificateStatus.Unavailable unavailable -> withoutChain(out, "Unavailable: " + unavailable.error());
        }
        return out;
    }

    private static void withoutChain(Map<String, Object> out, String state) {
        out.put("state", state);
        out.put("certChain", List.of());
        out.put("rootCerts", List.of());
    }

    private static Map<String, Object> x509(X509Certificate certificate) {
        var out = new LinkedHashMap<String, Object>();
        out.put("pem", Base64.getEncoder().encodeToString(Pem.encode(List.of(certificate))));
        out.put("serialNumber", certificate.getSerialNumber().toString());
        out.put("validFrom", SECONDS.format(certificate.getNotBefore().toInstant()));
        out.put("expirationTime", SECONDS.format(certificate.getNotAfter().toInstant()));
        return out;
    }

    private Map<String, Object> workloadState() {
        var all = new LinkedHashMap<String, Object>();
        for (var status : pods.get()) {
            var pod = new LinkedHashMap<String, Object>();
            pod.put("state", status.isUp() ? "Up" : "Pending");
            var info = new LinkedHashMap<String, Object>();
            info.put("name", status.pod().name());
            info.put("namespace", status.pod().namespace());
            info.put("serviceAccount", status.pod().serviceAccount());
            pod.put("info", info);
            if (status.connections() != null) {
                pod.put("connections", connections(status.connections().snapshot()));
            }
            all.put(status.uid(), pod);
        }
        return all;
    }

    private static Map<String, Object> connections(List<LiveConnection> live) {
        var inbound = new ArrayList<Object>();
        var outbound = new ArrayList<Object>();
        for (var connection : live) {
            var facts = connection.facts();
            (facts.direction() == Direction.INBOUND ? inbound : outbound).add(connection(facts));
        }
        var out = new LinkedHashMap<String, Object>();
        out.put("inbound", inbound);
        out.put("outbound", outbound);
        return out;
    }

    private static Map<String, Object> connection(ConnectionFacts facts) {
        var out = new LinkedHashMap<String, Object>();
        boolean tunnelled = facts.hboneAddress() != null;
        var service = facts.service();
        out.put("src", text(facts.source()));
        out.put(
                "originalDst",
                service == null ? facts.hboneAddress() : service.name().hostname());
        out.put(
                "actualDst",
                facts.direction() == Direction.INBOUND && tunnelled ? facts.hboneAddress() : text(facts.destination()));
        out.put("protocol", tunnelled ? Workload.Protocol.HBONE.name() : Workload.Protocol.TCP.name());
        return out;
    }

    private static String text(ConnectionFacts.End end) {
        return end.address() == null ? "" : AccessRecord.hostAndPort(end.address());
    }
}
