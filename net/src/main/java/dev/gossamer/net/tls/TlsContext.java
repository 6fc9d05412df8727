package dev.gossamer.net.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.internal.tcnative.CertificateVerifier;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * BoringSSL's settings for one role, the same for all connections of the process: TLS 1.3 only, no resumption, HTTP/2,
 * and a certificate asked of the peer. What differs by connection (credentials, whom to accept) is not in here.
 *
 * <p>Lives as long as the process. Thread-safe.
 */
enum TlsContext {
    CLIENT(SSL.SSL_MODE_CLIENT),
    SERVER(SSL.SSL_MODE_SERVER);

    private static final int MAX_CHAIN = 10;
    /** Bytes of certificates that a peer may send: BoringSSL's own default, made explicit. */
    private static final int MAX_CHAIN_BYTES = 100 * 1024;

    /**
     * The engine whose handshake this thread is in. BoringSSL calls the verifier of a context, with no more than the
     * connection's address.
     */
    private static final FastThreadLocal<TlsEngine> HANDSHAKING = new FastThreadLocal<>();

    private final long context;

    TlsContext(int mode) {
        load();
        try {
            context = SSLContext.make(SSL.SSL_PROTOCOL_TLSV1_3, mode);
        } catch (Exception e) {
            throw new IllegalStateException("BoringSSL makes no TLS 1.3 context", e);
        }
        SSLContext.setOptions(context, SSL.SSL_OP_NO_TICKET);
        SSLContext.setSessionCacheMode(context, SSL.SSL_SESS_CACHE_OFF);
        SSLContext.setUseTasks(context, false);
        SSLContext.setMaxCertList(context, MAX_CHAIN_BYTES);
        SSLContext.setVerify(context, SSL.SSL_CVERIFY_REQUIRED, MAX_CHAIN);
        SSLContext.setCertVerifyCallback(context, new CertificateVerifier() {
            @Override
            public int verify(long ssl, byte[][] chain, String algorithm) {
                var engine = HANDSHAKING.getIfExists();
                return engine != null && engine.accepts(chain) ? X509_V_OK : X509_V_ERR_CERT_REJECTED;
            }
        });
        SSLContext.setAlpnProtos(context, new String[] {"h2"}, SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
    }

    /** Loads the native library. */
    static void load() {
        OpenSsl.ensureAvailability();
    }

    long newSsl() {
        return SSL.newSSL(context, this == SERVER);
    }

    static void enter(TlsEngine engine) {
        HANDSHAKING.set(engine);
    }

    static void leave() {
        HANDSHAKING.remove();
    }
}
