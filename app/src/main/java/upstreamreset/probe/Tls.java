// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS with one server: a handshake that offers HTTP/1.1 alone, and the reason when it fails. */
final class Tls {
    private final Target target;
    private final ServerTrust trust;
    private final RecordingKeyManager certificate = new RecordingKeyManager();
    private final SSLSocket socket;

    private Tls(Socket plain, Target target, boolean trustAnyone) throws IOException, GeneralSecurityException {
        this.target = target;
        this.trust = new ServerTrust(trustAnyone ? null : trusted());
        var context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {certificate}, new TrustManager[] {trust}, null);
        socket = (SSLSocket) context.getSocketFactory().createSocket(plain, target.host(), target.port(), true);
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        parameters.setServerNames(serverNames(target.host()));
        if (!trustAnyone) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        socket.setSSLParameters(parameters);
    }

    /** @throws ProbeException when it fails; the message says why */
    static Tls handshake(Socket plain, Target target, Limits limits) throws IOException {
        var tls = begin(plain, target, limits.trustAnyone());
        try (var deadline = new Deadline(plain, limits.timeout())) {
            try {
                tls.socket.startHandshake();
                return tls;
            } catch (SSLException | EOFException | SocketException | SocketTimeoutException e) {
                throw tls.failed(deadline.passed() ? new SocketTimeoutException() : e);
            }
        }
    }

    /** Before the timeout begins to run: reading the JVM's own trust store takes a while. */
    private static Tls begin(Socket plain, Target target, boolean trustAnyone) throws IOException {
        try {
            return new Tls(plain, target, trustAnyone);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    SSLSocket socket() {
        return socket;
    }

    /** Whether the server asked for a client certificate, which a probe does not have. */
    boolean certificateWanted() {
        return certificate.wanted();
    }

    /** The failure in one sentence. */
    ProbeException failed(IOException e) {
        var error = new TlsError(target.host(), trust.chain(), certificate.wanted());
        return new ProbeException("TLS with %s failed: %s".formatted(target.text(), error.reason(e)), e);
    }

    /** The JVM itself sends SNI only for names with a dot, and in a cluster names often have none. */
    private static List<SNIServerName> serverNames(String host) {
        try {
            boolean address = host.contains(":") || host.matches("[0-9.]+");
            return address ? List.of() : List.of(new SNIHostName(host.replaceFirst("\\.$", "")));
        } catch (IllegalArgumentException e) {
            return List.of(); // no name that TLS can carry
        }
    }

    /** The JVM's own trust store: its {@code cacerts}, or what {@code javax.net.ssl.trustStore} names. */
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
}
