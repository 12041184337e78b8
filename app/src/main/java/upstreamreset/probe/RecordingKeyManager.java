// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Has no client certificate, and records whether the server asked for one, because the server's closing alert may not
 * say so.
 */
final class RecordingKeyManager implements X509KeyManager {
    private volatile boolean wanted;

    boolean wanted() {
        return wanted;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        wanted = true;
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return null;
    }
}
