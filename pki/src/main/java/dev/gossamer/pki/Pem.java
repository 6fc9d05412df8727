package dev.gossamer.pki;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Reads and writes the PEM of RFC 7468, strictly and with bounds, since peers and mounted files supply it.
 *
 * <p>Text outside of the blocks is ignored, as bundles carry comments there. Stateless.
 */
public final class Pem {
    static final String CERTIFICATE = "CERTIFICATE";
    static final String PRIVATE_KEY = "PRIVATE KEY";
    static final String CERTIFICATE_REQUEST = "CERTIFICATE REQUEST";

    /** A bundle of a few hundred roots is about half of this. */
    private static final int MAX_TEXT_BYTES = 1 << 20;

    private static final int MAX_BLOCKS = 512;
    private static final int LINE = 64;
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private Pem() {}

    /**
     * All certificates of a text, in order.
     *
     * @throws InvalidPemException if there is none, something else stands between them, or one cannot be parsed
     */
    public static List<X509Certificate> certificates(byte[] pem) throws InvalidPemException {
        var blocks = blocks(pem);
        if (blocks.isEmpty()) {
            throw new InvalidPemException("there is no certificate in the PEM text");
        }
        var certificates = new ArrayList<X509Certificate>(blocks.size());
        for (var block : blocks) {
            if (!block.label.equals(CERTIFICATE)) {
                throw new InvalidPemException("expected only certificates, found a " + block.label);
            }
            certificates.add(certificate(block.der));
        }
        return List.copyOf(certificates);
    }

    /**
     * The one PKCS#8 key of a text: EC, RSA or Ed25519.
     *
     * @throws InvalidPemException if there is not exactly one, or it cannot be read
     */
    public static PrivateKey privateKey(byte[] pem) throws InvalidPemException {
        var blocks = blocks(pem);
        if (blocks.size() != 1) {
            throw new InvalidPemException("expected one private key, found " + blocks.size() + " PEM blocks");
        }
        var block = blocks.getFirst();
        try {
            return PrivateKeys.decode(block.label, block.der);
        } finally {
            Arrays.fill(block.der, (byte) 0);
        }
    }

    /** The DER of the one certificate request of a text. */
    public static byte[] certificateRequest(byte[] pem) throws InvalidPemException {
        var blocks = blocks(pem);
        if (blocks.size() != 1) {
            throw new InvalidPemException("expected one certificate request, found " + blocks.size() + " PEM blocks");
        }
        var block = blocks.getFirst();
        if (!block.label.equals(CERTIFICATE_REQUEST) && !block.label.equals("NEW " + CERTIFICATE_REQUEST)) {
            throw new InvalidPemException("expected a certificate request, found a " + block.label);
        }
        return block.der;
    }

    public static byte[] encode(List<X509Certificate> certificates) {
        var out = new ByteArrayOutputStream();
        for (var certificate : certificates) {
            try {
                write(CERTIFICATE, certificate.getEncoded(), out);
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a parsed certificate has no encoding", e);
            }
        }
        return out.toByteArray();
    }

    public static byte[] encode(PrivateKey key) {
        var out = new ByteArrayOutputStream();
        write(PRIVATE_KEY, encoded(key), out);
        return out.toByteArray();
    }

    static String encode(String label, byte[] der) {
        var out = new ByteArrayOutputStream();
        write(label, der, out);
        return out.toString(StandardCharsets.US_ASCII);
    }

    private static byte[] encoded(Key key) {
        var der = key.getEncoded();
        if (der == null) {
            throw new IllegalArgumentException(
                    "a key of type " + key.getAlgorithm() + " that does not leave its store");
        }
        return der;
    }

    private static void write(String label, byte[] der, ByteArrayOutputStream out) {
        out.writeBytes((BEGIN + label + DASHES + "\n").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encode(der));
        out.writeBytes(("\n" + END + label + DASHES + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static X509Certificate certificate(byte[] der) throws InvalidPemException {
        try {
            var stream = new ByteArrayInputStream(der);
            var parsed = CertificateFactory.getInstance("X.509").generateCertificate(stream);
            if (stream.available() > 0) {
                throw new InvalidPemException("bytes follow a certificate inside its PEM block");
            }
            return (X509Certificate) parsed;
        } catch (CertificateException e) {
            throw new InvalidPemException("a certificate cannot be parsed: " + e.getMessage(), e);
        }
    }

    /** {@code der} is the caller's. */
    private record Block(String label, byte[] der) {}

    private static List<Block> blocks(byte[] pem) throws InvalidPemException {
        if (pem.length > MAX_TEXT_BYTES) {
            throw new InvalidPemException(pem.length + " bytes of PEM, more than the " + MAX_TEXT_BYTES + " accepted");
        }
        var blocks = new ArrayList<Block>();
        String label = null;
        var body = new StringBuilder();
        for (var raw : new String(pem, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            var line = raw.strip();
            if (label == null) {
                if (line.startsWith(BEGIN)) {
                    label = label(line, BEGIN);
                    body.setLength(0);
                }
            } else if (line.startsWith(END)) {
                if (!label(line, END).equals(label)) {
                    throw new InvalidPemException("a PEM block of type " + label + " has another type at its end");
                }
                if (blocks.size() == MAX_BLOCKS) {
                    throw new InvalidPemException("more than " + MAX_BLOCKS + " PEM blocks");
                }
                blocks.add(new Block(label, base64(label, body)));
                label = null;
            } else {
                body.append(line);
            }
        }
        if (label != null) {
            throw new InvalidPemException("a PEM block of type " + label + " does not end");
        }
        return blocks;
    }

    private static String label(String line, String prefix) throws InvalidPemException {
        if (!line.endsWith(DASHES) || line.length() < prefix.length() + DASHES.length()) {
            throw new InvalidPemException("a PEM boundary without its dashes");
        }
        return line.substring(prefix.length(), line.length() - DASHES.length());
    }

    private static byte[] base64(String label, StringBuilder body) throws InvalidPemException {
        try {
            return Base64.getDecoder().decode(body.toString());
        } catch (IllegalArgumentException e) {
            throw new InvalidPemException("a PEM block of type " + label + " is not base64", e);
        }
    }
}
