package dev.gossamer.kube.install;

import java.util.List;

/** Which parts of the mesh to install. */
public enum Profile {
    /** Everything that captures and carries traffic. */
    AMBIENT,
    /** The control plane alone. */
    MINIMAL;

    /** One part, with its template. */
    enum Component {
        BASE("Base", "base.yaml"),
        PILOT("Istiod", "istiod.yaml"),
        CNI("CNI", "cni.yaml"),
        ZTUNNEL("Ztunnel", "ztunnel.yaml");

        final String title;
        final String template;

        Component(String title, String template) {
            this.title = title;
            this.template = template;
        }

        /** As in keys of values: {@code pilot}. */
        String key() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    List<Component> components() {
        return switch (this) {
            case AMBIENT -> List.of(Component.BASE, Component.PILOT, Component.CNI, Component.ZTUNNEL);
            case MINIMAL -> List.of(Component.BASE, Component.PILOT);
        };
    }
}
