// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import upstreamreset.wire.Printable;

/** Checks what fabric8 leaves unread of a kubeconfig, or reads otherwise than kubectl: the server's scheme, its proxy, and the files that it names. */
final class KubeConfigFiles {
    private static final String PROXY = "proxy-url";

    private KubeConfigFiles() {}

    /** @throws IOException when no request could be made as kubectl would make it; the message is one sentence */
    static void check(Config config) throws IOException {
        @Nullable File file = config.getFileWithCluster();
        // A pipe is read once, and that has been.
        if (file != null && file.isFile()) {
            var text = Files.readString(file.toPath());
            checkServer(config, text);
            if (text.contains(PROXY)) {
                proxy(config, file).ifPresent(url -> {
                    config.setHttpsProxy(url);
                    config.setHttpProxy(url);
                    config.setNoProxy(new String[0]);
                });
            }
        }
        checkFile("certificate-authority", config.getCaCertFile());
        checkFile("client-certificate", config.getClientCertFile());
        checkFile("client-key", config.getClientKeyFile());
    }

    /** Where a server has no scheme, fabric8 asks it whether it speaks TLS, and else would send it the credential in plain text. */
    private static void checkServer(Config config, String text) throws IOException {
        var bare = config.getMasterUrl().replaceFirst("(?i)^https?://", "").replaceFirst("/$", "");
        boolean whole =
                text.replace("\\/", "/").toLowerCase(Locale.ROOT).contains("://" + bare.toLowerCase(Locale.ROOT));
        if (!whole && System.getenv("KUBERNETES_MASTER") == null) {
            throw new IOException("the kubeconfig's server '" + Printable.words(bare)
                    + "' is not a URL that begins with https:// or http://");
        }
    }

    private static Optional<String> proxy(Config config, File file) {
        var cluster = String.valueOf(config.getCurrentContext().getContext().getCluster());
        return Optional.ofNullable(KubeConfigUtils.parseConfig(file).getClusters()).stream()
                .flatMap(each -> each.stream())
                .filter(each -> cluster.equals(each.getName()) && each.getCluster() != null)
                .map(each -> Optional.ofNullable(each.getCluster().getProxyUrl()))
                .flatMap(Optional::stream)
                .filter(each -> !each.isBlank())
                .findFirst();
    }

    private static void checkFile(String name, @Nullable String file) throws IOException {
        if (file != null && !file.isBlank() && !Files.isReadable(Path.of(file))) {
            throw new IOException(
                    "the kubeconfig's " + name + " " + Printable.words(file) + " cannot be read, or is not there");
        }
    }
}
