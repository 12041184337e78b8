// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import upstreamreset.wire.Excerpt;

/** The TLS handshake, HTTP/1.1 offered and nothing else, and which of its errors it is in one sentence. */
final class Tls {
    private Tls() {}

    static Socket wrap(Socket socket, Target target, boolean trustAnyone) throws IOException {
        try {
            var witness = new ChainWitness(trusted());
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trustAnyone ? new TrustAnyone() : witness}, null);
            return wrap(socket, target, context, trustAnyone, witness);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    private static Socket wrap(
            Socket socket, Target target, SSLContext context, boolean trustAnyone, ChainWitness witness)
            throws IOException {
        try {
            var tls = (SSLSocket) context.getSocketFactory().createSocket(socket, target.host(), target.port(), true);
            var parameters = tls.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            if (!trustAnyone) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            return tls;
        } catch (SSLException | EOFException | SocketException | SocketTimeoutException e) {
            var reason = reason(target, e, witness.chain());
            throw new ProbeException("TLS with %s failed: %s".formatted(target.text(), reason), e);
        }
    }

    /** The JVM's own trust: its {@code cacerts}, or what {@code javax.net.ssl.trustStore} names. */
    private static X509ExtendedTrustManager trusted() throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        for (var manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("no trust manager for X.509");
    }

    private static String reason(Target target, IOException e, List<X509Certificate> chain) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case CertificateExpiredException _ -> {
                    return "the certificate has expired";
                }
                case CertificateNotYetValidException _ -> {
                    return "the certificate is not valid yet";
                }
                case CertPathBuilderException _ -> {
                    return unknownIssuer(chain);
                }
                case CertPathValidatorException invalid
                when invalid.getCause() == null -> {
                    return "the certificate cannot be validated (" + Excerpt.of(String.valueOf(invalid.getMessage()))
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
            return unknownIssuer(chain);
        }
        if (message.contains("protocol_version") || message.contains("is not supported by client preferences")) {
            return "the server offers no version of TLS that we speak (1.2 and 1.3)";
        }
        if (message.contains("handshake_failure")) {
            return "the server refuses our ciphers, or wants a certificate of ours";
        }
        if (message.contains("certificate_required") || message.contains("bad_certificate")) {
            return "the server wants a certificate of ours";
        }
        if (message.contains("no_application_protocol")) {
            return "the server does not speak HTTP/1.1 over TLS";
        }
        return Excerpt.of(message);
    }

    private static String unknownIssuer(List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            return "nobody whom we trust has signed the certificate; --insecure goes on anyway";
        }
        var last = chain.getLast();
        var issuer = Excerpt.of(last.getIssuerX500Principal().getName());
        boolean bySelf = last.getIssuerX500Principal().equals(last.getSubjectX500Principal());
        return bySelf && chain.size() == 1
                ? "the certificate is self-signed (" + issuer + "), and we do not trust it; --insecure goes on anyway"
                : "the certificate is signed by " + issuer + ", whom we do not trust; --insecure goes on anyway";
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
