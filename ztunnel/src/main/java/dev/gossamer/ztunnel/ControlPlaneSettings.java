package dev.gossamer.ztunnel;

import dev.gossamer.pki.InvalidPemException;
import dev.gossamer.pki.transport.ControlPlaneAccess;
import dev.gossamer.pki.transport.ControlPlaneAddress;
import dev.gossamer.pki.transport.RootsSource;
import dev.gossamer.pki.transport.TokenSource;
import dev.gossamer.xds.client.ProxyNode;
import dev.gossamer.ztunnel.config.ZtunnelConfig;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the proxy reaches its control plane, by its settings. Stateless. */
final class ControlPlaneSettings {
    private ControlPlaneSettings() {}

    static ControlPlaneAccess discovery(ZtunnelConfig config, String address) throws InvalidPemException {
        var settings = config.controlPlane();
        return access(config, address, settings.altXdsHostname(), settings.xdsRootCa(), settings.xdsHeaders());
    }

    static ControlPlaneAccess authority(ZtunnelConfig config, String address) throws InvalidPemException {
        var settings = config.controlPlane();
        return access(config, address, settings.altCaHostname(), settings.caRootCa(), settings.caHeaders());
    }

    static ProxyNode node(ZtunnelConfig config) {
        var node = config.node();
        return new ProxyNode(
                node.instanceIp(),
                node.podName(),
                node.podNamespace(),
                node.name(),
                config.controlPlane().nodeMetadata());
    }

    private static ControlPlaneAccess access(
            ZtunnelConfig config,
            String address,
            @Nullable String alternative,
            String roots,
            Map<String, String> headers)
            throws InvalidPemException {
        return new ControlPlaneAccess(
                ControlPlaneAddress.parse(address, alternative),
                RootsSource.parse(roots),
                token(config.controlPlane().authToken()),
                config.node().clusterId(),
                headers);
    }

    /** A token is a JWT, in which there is no slash; a path has one. */
    private static TokenSource token(@Nullable String setting) {
        if (setting == null) {
            return new TokenSource.None();
        }
        return setting.contains("/") ? new TokenSource.OfFile(Path.of(setting)) : new TokenSource.Literal(setting);
    }
}
