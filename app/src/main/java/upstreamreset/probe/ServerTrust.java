// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts what the JVM trusts, or anyone, and records the server's chain, which a handshake's exception does not contain. An
 * {@code X509ExtendedTrustManager}, because the JVM adds checks of its own (of weak keys, of signatures) to a plain
 * {@code X509TrustManager}; a client with a socket calls one method of it.
 */
final class ServerTrust extends X509ExtendedTrustManager {
    private final @Nullable X509ExtendedTrustManager trusted;
    private List<X509Certificate> recorded = List.of();

    /** @param trusted null for anyone, {@code --insecure} */
    ServerTrust(@Nullable X509ExtendedTrustManager trusted) {
        this.trusted = trusted;
    }

    /** The chain that the server sent, its own certificate first; empty before it has. */
    List<X509Certificate> chain() {
        return recorded;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        recorded = List.of(chain);
        if (trusted != null) {
            trusted.checkServerTrusted(chain, type, socket);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("this has a socket");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this has a socket");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trusted == null ? new X509Certificate[0] : trusted.getAcceptedIssuers();
    }
}
