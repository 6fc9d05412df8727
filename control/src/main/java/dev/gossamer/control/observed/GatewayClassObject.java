package dev.gossamer.control.observed;

/** A class of gateways: defaults by label and annotation for those of the class. Immutable. */
public record GatewayClassObject(Metadata metadata) implements Observed {
    @Override
    public Kind kind() {
        return Kind.GATEWAY_CLASS;
    }
}
