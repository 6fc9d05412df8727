package dev.gossamer.pki.issue;

import dev.gossamer.pki.InvalidPemException;
import dev.gossamer.pki.KeyRules;
import dev.gossamer.pki.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** Takes the key out of a certificate request, once it is proven that who asks has its private half. Stateless. */
final class SignedRequest {
    /** A request with an RSA key of 8192 bits is about 3 KB. */
    private static final int MAX_CHARS = 16 << 10;

    private SignedRequest() {}

    static PublicKey publicKey(String pem) throws IssueRefusedException {
        if (pem.length() > MAX_CHARS) {
            throw new IssueRefusedException("the certificate request is longer than " + MAX_CHARS + " characters");
        }
        try {
            var request = new JcaPKCS10CertificationRequest(
                    Pem.certificateRequest(pem.getBytes(StandardCharsets.ISO_8859_1)));
            var key = request.getPublicKey();
            // Before the signature is checked, so that an absurd key cannot make that expensive.
            var objection = KeyRules.objection(key);
            if (objection != null) {
                throw new IssueRefusedException("the certificate request has " + objection);
            }
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new IssueRefusedException("the certificate request is not signed by its own key");
            }
            return key;
        } catch (InvalidPemException e) {
            throw new IssueRefusedException("the certificate request cannot be read: " + e.getMessage());
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                // BouncyCastle answers some malformed structures with unchecked exceptions.
                | IllegalArgumentException
                | IllegalStateException
                | ClassCastException e) {
            throw new IssueRefusedException("the certificate request cannot be parsed");
        }
    }
}
