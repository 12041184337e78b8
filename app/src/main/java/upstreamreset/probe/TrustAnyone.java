// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Accepts any server certificate, for {@code --insecure}. An {@code X509ExtendedTrustManager}, because the JVM adds checks of its own
 * (of weak keys, of signatures) to a plain {@code X509TrustManager}.
 */
final class TrustAnyone extends X509ExtendedTrustManager {
    @Override
    public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {
        // anyone
    }

    @Override
    public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String type, @Nullable Socket socket) {
        // anyone
    }

    @Override
    public void checkServerTrusted(
            X509Certificate @Nullable [] chain, @Nullable String type, @Nullable SSLEngine engine) {
        // anyone
    }

    @Override
    public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String type)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String type, @Nullable Socket socket)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(
            X509Certificate @Nullable [] chain, @Nullable String type, @Nullable SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
