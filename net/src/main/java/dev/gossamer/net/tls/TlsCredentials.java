package dev.gossamer.net.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.internal.tcnative.SSL;
import java.io.ByteArrayOutputStream;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A certificate chain with its key in the form that BoringSSL takes, for any number of connections.
 *
 * <p>To change certificates, make new credentials: connections made from then on use them, the others keep theirs.
 * Immutable; the native memory goes when the object does.
 */
public final class TlsCredentials {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final byte[] LINE_END = {'\n'};

    private final List<X509Certificate> chain;
    private final long nativeChain;
    private final long nativeKey;

    private TlsCredentials(List<X509Certificate> chain, long nativeChain, long nativeKey) {
        this.chain = chain;
        this.nativeChain = nativeChain;
        this.nativeKey = nativeKey;
        CLEANER.register(this, () -> {
            SSL.freeX509Chain(nativeChain);
            SSL.freePrivateKey(nativeKey);
        });
    }

    /**
     * Takes what this side shows its peers.
     *
     * @param chain the leaf, then its intermediates, without a root
     * @param key the leaf's
     * @throws GeneralSecurityException if the key has no PKCS#8 form or BoringSSL does not know its kind
     */
    public static TlsCredentials of(List<X509Certificate> chain, PrivateKey key) throws GeneralSecurityException {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a certificate chain has at least one certificate");
        }
        if (!"PKCS#8".equals(key.getFormat())) {
            throw new GeneralSecurityException("a private key in the form " + key.getFormat() + " cannot be exported");
        }
        TlsContext.load();
        var keyPem = pem("PRIVATE KEY", key.getEncoded());
        try {
            long nativeChain = withBio(chainPem(chain), SSL::parseX509Chain);
            long nativeKey;
            try {
                nativeKey = withBio(keyPem, bio -> SSL.parsePrivateKey(bio, null));
            } catch (GeneralSecurityException e) {
                SSL.freeX509Chain(nativeChain);
                throw e;
            }
            var credentials = new TlsCredentials(List.copyOf(chain), nativeChain, nativeKey);
            credentials.tryOut();
            return credentials;
        } finally {
            Arrays.fill(keyPem, (byte) 0);
        }
    }

    /** A key that is not the certificate's is found here, not in each connection. */
    private void tryOut() throws GeneralSecurityException {
        long ssl = TlsContext.CLIENT.newSsl();
        try {
            applyTo(ssl);
        } catch (IllegalStateException e) {
            throw new GeneralSecurityException(e.getMessage(), e);
        } finally {
            SSL.freeSSL(ssl);
        }
    }

    public List<X509Certificate> chain() {
        return chain;
    }

    /** Makes {@code ssl} use these credentials; BoringSSL then holds references of its own. */
    void applyTo(long ssl) {
        try {
            SSL.setKeyMaterial(ssl, nativeChain, nativeKey);
        } catch (Exception e) {
            throw new IllegalStateException(
                    "the private key is not that of the certificate "
                            + chain.getFirst().getSubjectX500Principal(),
                    e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private interface Parser {
        long parse(long bio) throws Exception;
    }

    private static long withBio(byte[] text, Parser parser) throws GeneralSecurityException {
        ByteBuf direct = Unpooled.directBuffer(text.length);
        try {
            direct.writeBytes(text);
            long bio = SSL.newMemBIO();
            try {
                if (SSL.bioWrite(bio, direct.memoryAddress(), text.length) != text.length) {
                    throw new GeneralSecurityException("out of native memory");
                }
                return parser.parse(bio);
            } finally {
                SSL.freeBIO(bio);
            }
        } catch (GeneralSecurityException e) {
            throw e;
        } catch (Exception e) {
            throw new GeneralSecurityException("BoringSSL cannot use the certificate or its key: " + e.getMessage(), e);
        } finally {
            direct.setZero(0, direct.capacity());
            direct.release();
        }
    }

    private static byte[] chainPem(List<X509Certificate> chain) throws GeneralSecurityException {
        var all = new ByteArrayOutputStream();
        for (var certificate : chain) {
            all.writeBytes(pem("CERTIFICATE", certificate.getEncoded()));
        }
        return all.toByteArray();
    }

    /** By hand and in bytes: a key must not stay behind in a String. */
    private static byte[] pem(String kind, byte[] der) {
        var body = Base64.getMimeEncoder(64, LINE_END).encode(der);
        var head = ("-----BEGIN " + kind + "-----\n").getBytes(StandardCharsets.US_ASCII);
        var foot = ("\n-----END " + kind + "-----\n").getBytes(StandardCharsets.US_ASCII);
        var pem = new byte[head.length + body.length + foot.length];
        System.arraycopy(head, 0, pem, 0, head.length);
        System.arraycopy(body, 0, pem, head.length, body.length);
        System.arraycopy(foot, 0, pem, head.length + body.length, foot.length);
        Arrays.fill(body, (byte) 0);
        return pem;
    }
}
