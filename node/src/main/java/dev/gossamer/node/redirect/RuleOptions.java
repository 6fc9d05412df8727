package dev.gossamer.node.redirect;

/**
 * What differs between pods. Immutable.
 *
 * @param dns whether DNS queries go to the node proxy
 * @param inbound whether plaintext that comes in goes through the node proxy
 */
public record RuleOptions(boolean dns, boolean inbound) {}
