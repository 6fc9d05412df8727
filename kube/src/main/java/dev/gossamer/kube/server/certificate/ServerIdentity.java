package dev.gossamer.kube.server.certificate;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server is known by: its certificate authority, the key that signs tokens, the admin's token.
 *
 * <p>Made at the first start and, with a directory, the same ever after. Immutable.
 */
public final class ServerIdentity {
    /** Of the key store, which never leaves the process. */
    public static final String PASSWORD = "in-memory";

    private static final int TOKEN_BYTES = 32;

    private final X509Certificate authority;
    private final KeyPair authorityKeys;
    private final KeyPair tokenKeys;
    private final String adminToken;

    private ServerIdentity(X509Certificate authority, KeyPair authorityKeys, KeyPair tokenKeys, String adminToken) {
        this.authority = authority;
        this.authorityKeys = authorityKeys;
        this.tokenKeys = tokenKeys;
        this.adminToken = adminToken;
    }

    /** Reads the identity from {@code directory}, or makes one and keeps it there. Without a directory: makes one. */
    public static ServerIdentity open(@Nullable Path directory, Instant now) throws IOException {
        try {
            if (directory == null) {
                return create(now);
            }
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            // The token is written last, so what has one is whole.
            if (Files.exists(directory.resolve("admin.token"))) {
                return read(directory);
            }
            var created = create(now);
            created.write(directory);
            return created;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the API server's keys in " + directory + " cannot be used: " + e.getMessage()
                            + "; restore the directory from a backup, or empty it",
                    e);
        }
    }

    private static ServerIdentity create(Instant now) throws GeneralSecurityException {
        var keys = Certificates.newKeys();
        var token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token);
        return new ServerIdentity(
                Certificates.authority(keys, now),
                keys,
                Certificates.newKeys(),
                Base64.getUrlEncoder().withoutPadding().encodeToString(token));
    }

    private static ServerIdentity read(Path directory) throws IOException, GeneralSecurityException {
        X509Certificate authority;
        try (var in = Files.newInputStream(directory.resolve("ca.crt"))) {
            authority =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        var tokenKey = readKey(directory.resolve("sa.key"));
        var tokenPublic = KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(unpem(Files.readString(directory.resolve("sa.pub")))));
        return new ServerIdentity(
                authority,
                new KeyPair(authority.getPublicKey(), readKey(directory.resolve("ca.key"))),
                new KeyPair(tokenPublic, tokenKey),
                Files.readString(directory.resolve("admin.token")).strip());
    }

    private static PrivateKey readKey(Path file) throws IOException, GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(unpem(Files.readString(file))));
    }

    private void write(Path directory) throws IOException, GeneralSecurityException {
        write(directory, "ca.crt", pem("CERTIFICATE", authority.getEncoded()));
        write(directory, "ca.key", pem("PRIVATE KEY", authorityKeys.getPrivate().getEncoded()));
        write(directory, "sa.key", pem("PRIVATE KEY", tokenKeys.getPrivate().getEncoded()));
        write(directory, "sa.pub", pem("PUBLIC KEY", tokenKeys.getPublic().getEncoded()));
        write(directory, "admin.token", adminToken + "\n");
    }

    private static void write(Path directory, String name, String text) throws IOException {
        var temporary = directory.resolve(name + ".tmp");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(temporary, text);
        try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** A certificate for a server with these names and addresses, in a key store under {@link #PASSWORD}. */
    public KeyStore serverKeys(List<String> names, Instant now) throws IOException {
        try {
            var keys = Certificates.newKeys();
            var certificate = Certificates.server(keys, names, authority, authorityKeys.getPrivate(), now);
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server", keys.getPrivate(), PASSWORD.toCharArray(), new X509Certificate[] {certificate, authority
                    });
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException("the API server's certificate could not be made: " + e.getMessage(), e);
        }
    }

    public String authorityPem() {
        try {
            return pem("CERTIFICATE", authority.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a parsed certificate has no encoding", e);
        }
    }

    public KeyPair tokenKeys() {
        return tokenKeys;
    }

    public String adminToken() {
        return adminToken;
    }

    private static String pem(String type, byte[] bytes) {
        var encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        return "-----BEGIN " + type + "-----\n" + encoder.encodeToString(bytes) + "\n-----END " + type + "-----\n";
    }

    private static byte[] unpem(String text) throws GeneralSecurityException {
        var body = text.replaceAll("-----[A-Z ]+-----", "");
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("not a PEM file", e);
        }
    }
}
