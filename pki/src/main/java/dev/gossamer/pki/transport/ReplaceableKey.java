package dev.gossamer.pki.transport;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Presents one certificate in every handshake, which may be replaced between handshakes. Thread-safe. */
final class ReplaceableKey extends X509ExtendedKeyManager {
    /** A handshake asks for chain and key one after the other: the alias ties both to one generation. */
    private record Generation(String alias, X509Certificate[] chain, PrivateKey key) {}

    private volatile Generation current;
    private volatile Generation previous;

    ReplaceableKey(List<X509Certificate> chain, PrivateKey key) {
        current = new Generation("0", chain.toArray(X509Certificate[]::new), key);
        previous = current;
    }

    synchronized void replace(List<X509Certificate> chain, PrivateKey key) {
        var old = current;
        previous = old;
        current = new Generation(
                String.valueOf(Long.parseLong(old.alias) + 1), chain.toArray(X509Certificate[]::new), key);
    }

    private @Nullable Generation find(String alias) {
        var newest = current;
        if (newest.alias.equals(alias)) {
            return newest;
        }
        var older = previous;
        return older.alias.equals(alias) ? older : null;
    }

    /** The key types that a handshake may ask for name the curve family: EC, RSA, or EdDSA. */
    private @Nullable String choose(String keyType) {
        var newest = current;
        var type = keyType.startsWith("EC") ? "EC" : keyType;
        return newest.key.getAlgorithm().equals(type) ? newest.alias : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        var found = find(alias);
        return found == null ? null : found.chain.clone();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        var found = find(alias);
        return found == null ? null : found.key;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        var alias = choose(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
