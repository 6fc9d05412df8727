package dev.gossamer.net.tls;

import dev.gossamer.core.identity.SpiffeId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.internal.tcnative.SSL;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's BoringSSL state, and the only class that touches it.
 *
 * <p>BoringSSL reads from and writes to a BIO that is pointed at one buffer at a time: either at ciphertext to read, or at
 * room for ciphertext to write. Without room it writes to a small buffer of its own, which {@link #drain} empties.
 * Confined to the channel's event loop.
 */
final class TlsEngine {
    /** The most plaintext that fits a TLS record. */
    static final int RECORD_BYTES = 16384;
    /** What encryption adds to a record, generously. */
    static final int RECORD_OVERHEAD = 64;

    private static final Logger LOG = LoggerFactory.getLogger(TlsEngine.class);
    private static final int OWN_BUFFER_BYTES = 16384;
    /** {@code SSL_RECEIVED_SHUTDOWN}. */
    private static final int RECEIVED_CLOSE = 2;

    private final PeerCheck check;
    private long ssl;
    private long bio;

    private List<X509Certificate> peerChain = List.of();
    private @Nullable SpiffeId peer;
    private @Nullable String rejection;

    TlsEngine(TlsContext context, TlsCredentials credentials, PeerCheck check) {
        this.check = check;
        this.ssl = context.newSsl();
        try {
            this.bio = SSL.bioNewByteBuffer(ssl, OWN_BUFFER_BYTES);
            credentials.applyTo(ssl);
        } catch (RuntimeException e) {
            free();
            throw e;
        }
    }

    /** What {@link #read} came to. */
    enum ReadResult {
        /** {@code plain} is full; there may be more. */
        MORE,
        /** The ciphertext is used up. */
        DONE,
        /** The peer will send nothing more. */
        CLOSED
    }

    /**
     * Goes on with the handshake, as far as the input given to {@link #input} leads.
     *
     * @return whether it is complete
     * @throws TlsFailure if either side refused; an alert may be waiting to be drained
     */
    boolean handshake() throws TlsFailure {
        TlsContext.enter(this);
        int result;
        try {
            SSL.clearError();
            result = SSL.doHandshake(ssl);
        } finally {
            TlsContext.leave();
        }
        if (result > 0) {
            requireHttp2();
            return true;
        }
        int error = SSL.getError(ssl, result);
        if (error == SSL.SSL_ERROR_WANT_READ || error == SSL.SSL_ERROR_WANT_WRITE) {
            return false;
        }
        throw failure("TLS handshake failed");
    }

    private void requireHttp2() throws TlsFailure {
        var protocol = SSL.getAlpnSelected(ssl);
        if (!"h2".equals(protocol)) {
            throw new TlsFailure("the peer does not offer HTTP/2 (ALPN h2): is it an HBONE port?");
        }
        if (peer == null) {
            throw new TlsFailure("the peer showed no certificate");
        }
    }

    /** Called by BoringSSL, through {@link TlsContext}, inside {@link #handshake}. Must not throw into native code. */
    boolean accepts(byte[][] chain) {
        try {
            var certificates = parse(chain);
            peer = check.check(certificates);
            peerChain = certificates;
            return true;
        } catch (PeerRejectedException e) {
            rejection = String.valueOf(e.getMessage());
        } catch (CertificateException e) {
            rejection = "the peer's certificate cannot be read";
        } catch (RuntimeException | Error e) {
            LOG.error("checking a peer's certificate failed", e);
            rejection = "checking the peer's certificate failed: " + e;
        }
        return false;
    }

    private static List<X509Certificate> parse(byte[][] chain) throws CertificateException {
        var factory = CertificateFactory.getInstance("X.509");
        var certificates = new ArrayList<X509Certificate>(chain.length);
        for (var der : chain) {
            certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
        }
        return List.copyOf(certificates);
    }

    SpiffeId peer() {
        if (peer == null) {
            throw new IllegalStateException("no peer before the handshake is complete");
        }
        return peer;
    }

    List<X509Certificate> peerChain() {
        return peerChain;
    }

    /** Points BoringSSL at ciphertext, until {@link #endInput}. */
    void input(ByteBuf ciphertext) {
        SSL.bioSetByteBuffer(
                bio, ciphertext.memoryAddress() + ciphertext.readerIndex(), ciphertext.readableBytes(), false);
    }

    /** How much of the ciphertext BoringSSL has not taken yet. */
    int inputLeft() {
        return SSL.bioLengthByteBuffer(bio);
    }

    void endInput() {
        if (ssl != 0) {
            SSL.bioClearByteBuffer(bio);
        }
    }

    /**
     * Decrypts into {@code plain} until it is full or the input is used up.
     *
     * @throws TlsFailure after a bad record or an alert
     */
    ReadResult read(ByteBuf plain) throws TlsFailure {
        while (plain.isWritable()) {
            SSL.clearError();
            int count = SSL.readFromSSL(ssl, plain.memoryAddress() + plain.writerIndex(), plain.writableBytes());
            if (count > 0) {
                plain.writerIndex(plain.writerIndex() + count);
                continue;
            }
            int error = SSL.getError(ssl, count);
            if (error == SSL.SSL_ERROR_WANT_READ || error == SSL.SSL_ERROR_WANT_WRITE) {
                return ReadResult.DONE;
            }
            if (error == SSL.SSL_ERROR_ZERO_RETURN) {
                return ReadResult.CLOSED;
            }
            throw failure("TLS broke");
        }
        return ReadResult.MORE;
    }

    /** Points BoringSSL at room for ciphertext, until {@link #endOutput}. */
    void output(ByteBuf ciphertext) {
        SSL.bioSetByteBuffer(
                bio, ciphertext.memoryAddress() + ciphertext.writerIndex(), ciphertext.writableBytes(), true);
    }

    /** Encrypts {@code length} bytes, at most a record; the room given must suffice. */
    void write(long address, int length) throws TlsFailure {
        int written = SSL.writeToSSL(ssl, address, length);
        if (written != length) {
            throw failure("TLS cannot send (" + written + " of " + length + " bytes)");
        }
    }

    void endOutput(ByteBuf ciphertext) {
        ciphertext.writerIndex(ciphertext.writerIndex() + ciphertext.writableBytes() - SSL.bioLengthByteBuffer(bio));
        SSL.bioClearByteBuffer(bio);
    }

    /** What BoringSSL wants sent of its own accord: handshake messages, alerts. Not while input or output is set. */
    @Nullable
    ByteBuf drain(ByteBufAllocator allocator) {
        int length = SSL.bioLengthNonApplication(bio);
        if (length <= 0) {
            return null;
        }
        var out = allocator.directBuffer(length);
        SSL.bioSetByteBuffer(bio, out.memoryAddress(), length, true);
        int flushed = SSL.bioFlushByteBuffer(bio);
        SSL.bioClearByteBuffer(bio);
        return out.writerIndex(flushed);
    }

    /** Writes close_notify, to be drained. */
    void closeNotify() {
        SSL.clearError();
        // The result says whether the peer's has come already, which makes no difference.
        int _ = SSL.shutdownSSL(ssl);
        SSL.clearError();
    }

    boolean peerClosed() {
        return (SSL.getShutdown(ssl) & RECEIVED_CLOSE) != 0;
    }

    boolean isFreed() {
        return ssl == 0;
    }

    void free() {
        if (ssl != 0) {
            // Frees the BIO too.
            SSL.freeSSL(ssl);
            ssl = 0;
            bio = 0;
        }
    }

    private TlsFailure failure(String what) {
        int number = SSL.getLastErrorNumber();
        var error = number == 0 ? "" : SSL.getErrorString(number);
        SSL.clearError();
        return new TlsFailure(what + ": " + (rejection == null ? TlsErrors.inWords(error) : rejection));
    }
}
