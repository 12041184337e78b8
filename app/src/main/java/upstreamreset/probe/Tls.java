// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The TLS handshake, HTTP/1.1 offered and nothing else, and which of its errors it is in one sentence. */
final class Tls {
    private Tls() {}

    static Socket wrap(Socket socket, Target target, boolean trustAnyone) throws IOException {
        try {
            var factory = context(trustAnyone).getSocketFactory();
            var tls = (SSLSocket) factory.createSocket(socket, target.host(), target.port(), true);
            var parameters = tls.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            if (!trustAnyone) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            return tls;
        } catch (SSLException | EOFException | SocketException | SocketTimeoutException e) {
            throw new ProbeException("TLS with %s failed: %s".formatted(target.text(), reason(target, e)), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    private static String reason(Target target, IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case CertificateExpiredException _ -> {
                    return "the certificate has expired";
                }
                case CertificateNotYetValidException _ -> {
                    return "the certificate is not valid yet";
                }
                case CertPathValidatorException _ -> {
                    return "the certificate cannot be validated (" + cause.getMessage()
                            + "); --insecure goes on anyway";
                }
                default -> {}
            }
        }
        var message = String.valueOf(e.getMessage());
        if (e instanceof SocketTimeoutException) {
            return "the server does not answer the handshake";
        }
        if (e instanceof EOFException || e instanceof SocketException || message.contains("terminated the handshake")) {
            return "the server closed the connection during the handshake";
        }
        if (message.contains("Unsupported or unrecognized SSL message")) {
            return "the port does not speak TLS; try http";
        }
        if (message.contains("No subject alternative") || message.contains("No name matching")) {
            return "the certificate is not for " + target.host() + "; --insecure goes on anyway";
        }
        if (message.contains("PKIX") || message.contains("unable to find valid certification path")) {
            return "nobody whom we trust has signed the certificate; --insecure goes on anyway";
        }
        return message;
    }

    private static SSLContext context(boolean trustAnyone) throws GeneralSecurityException {
        if (!trustAnyone) {
            return SSLContext.getDefault();
        }
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAnyone()}, null);
        return context;
    }

    /** For {@code --insecure}: the user said that the identity of the server does not matter. */
    private static final class TrustAnyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String type)
                throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {
            // anyone
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
