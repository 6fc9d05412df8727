package dev.gossamer.pki.transport;

import dev.gossamer.pki.TrustRoots;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Accepts a control plane whose chain leads to our roots and whose certificate has one of two names.
 *
 * <p>The JDK's own check knows one name only. Thread-safe.
 */
final class ControlPlaneTrust extends X509ExtendedTrustManager {
    private final X509TrustManager chainCheck;
    private final List<String> names;

    private ControlPlaneTrust(X509TrustManager chainCheck, List<String> names) {
        this.chainCheck = chainCheck;
        this.names = names;
    }

    /** {@code roots}: absent for the system's. */
    static ControlPlaneTrust of(@Nullable TrustRoots roots, ControlPlaneAddress address) {
        var alternative = address.alternativeHostname();
        var names = alternative == null ? List.of(address.host()) : List.of(address.host(), alternative);
        return new ControlPlaneTrust(chainCheck(roots), names);
    }

    private static X509TrustManager chainCheck(@Nullable TrustRoots roots) {
        try {
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(roots == null ? null : keyStore(roots));
            for (var manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager found) {
                    return found;
                }
            }
            throw new IllegalStateException("this JDK has no X.509 trust manager");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK cannot hold root certificates", e);
        }
    }

    private static KeyStore keyStore(TrustRoots roots) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (var root : roots.certificates()) {
            store.setCertificateEntry("root-" + number++, root);
        }
        return store;
    }

    private void checkServer(X509Certificate[] chain, String authType) throws CertificateException {
        chainCheck.checkServerTrusted(chain, authType);
        for (var name : names) {
            if (ServerNames.match(chain[0], name)) {
                return;
            }
        }
        throw new CertificateException("the control plane's certificate is for none of " + names
                + ": set ALT_XDS_HOSTNAME or ALT_CA_HOSTNAME to the name that it has");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        checkServer(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        checkServer(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        checkServer(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("this end is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        throw new CertificateException("this end is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this end is no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chainCheck.getAcceptedIssuers();
    }
}
