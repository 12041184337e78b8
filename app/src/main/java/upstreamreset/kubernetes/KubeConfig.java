// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import upstreamreset.wire.Printable;

/** Finds the API server as kubectl does: by {@code --kubeconfig}, else {@code KUBECONFIG}, else the home directory's, else the Pod's account. */
public final class KubeConfig {
    private KubeConfig() {}

    /**
     * Connects to nothing yet.
     *
     * @throws IOException when there is no such configuration; the message is one sentence
     */
    public static Config find(Optional<Path> file, Optional<String> context) throws IOException {
        var config = file.isPresent() ? of(file.get(), context) : Config.autoConfigure(context.orElse(null));
        if (context.isPresent()) {
            check(config, context.get());
        }
        if (config.getMasterUrl() == null
                || file.isEmpty() && config.getCurrentContext() == null && !isInPod() && !isSet("KUBERNETES_MASTER")) {
            throw new IOException("no cluster is configured: give --kubeconfig FILE, or set KUBECONFIG");
        }
        return config;
    }

    private static Config of(Path file, Optional<String> context) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("the kubeconfig " + Printable.of(file.toString()) + " cannot be read");
        }
        try {
            return Config.fromKubeconfig(context.orElse(null), file.toFile());
        } catch (RuntimeException e) {
            throw new IOException(
                    "the kubeconfig " + Printable.of(file.toString()) + " is none: "
                            + Printable.words(String.valueOf(e.getMessage())),
                    e);
        }
    }

    private static void check(Config config, String context) throws IOException {
        var contexts = Optional.ofNullable(config.getContexts()).orElse(List.of());
        if (contexts.stream().noneMatch(each -> context.equals(each.getName()))) {
            var there =
                    contexts.stream().map(each -> Printable.of(each.getName())).collect(Collectors.joining(", "));
            throw new IOException("there is no context '" + Printable.of(context) + "' in the kubeconfig"
                    + (there.isEmpty() ? "" : "; it has " + there));
        }
    }

    private static boolean isInPod() {
        return isSet("KUBERNETES_SERVICE_HOST");
    }

    private static boolean isSet(String variable) {
        return System.getenv(variable) != null;
    }
}
