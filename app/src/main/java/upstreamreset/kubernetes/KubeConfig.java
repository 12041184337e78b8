// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
        if (file.isEmpty()) {
            var wrong = unreadable(Optional.ofNullable(System.getenv("KUBECONFIG")));
            if (wrong.isPresent() && !isInPod()) {
                throw new IOException(wrong.get());
            }
        }
        var config = file.isPresent() ? of(file.get(), context) : Config.autoConfigure(context.orElse(null));
        if (context.isPresent()) {
            check(config, context.get());
        }
        if (context.isEmpty()
                && config.getCurrentContext() == null
                && (file.isPresent() || !names(config).isEmpty())) {
            throw new IOException("the kubeconfig names no current context; "
                    + (names(config).isEmpty()
                            ? "it has none"
                            : "give --context, one of " + String.join(", ", names(config))));
        }
        if (config.getMasterUrl() == null
                || (file.isEmpty()
                        && config.getCurrentContext() == null
                        && !isInPod()
                        && !isSet("KUBERNETES_MASTER"))) {
            throw new IOException("no cluster is configured: give --kubeconfig FILE, or set KUBECONFIG");
        }
        if (config.getCurrentContext() != null) {
            checkParts(config, config.getCurrentContext());
            KubeConfigFiles.check(config);
        }
        return config;
    }

    /** The names of the contexts, of {@code file} or of where kubectl looks. */
    public static List<String> contexts(Optional<Path> file) throws IOException {
        var config = file.isPresent() ? of(file.get(), Optional.empty()) : Config.autoConfigure(null);
        return Optional.ofNullable(config.getContexts()).orElse(List.of()).stream()
                .map(each -> each.getName())
                .toList();
    }

    /** Says of the variable's value, a list of files as kubectl reads it, that none of them can be read. */
    public static Optional<String> unreadable(Optional<String> variable) {
        var files = variable.map(KubeConfig::files).orElse(List.of());
        return files.isEmpty() || files.stream().anyMatch(file -> Files.isRegularFile(file) && Files.isReadable(file))
                ? Optional.empty()
                : Optional.of("KUBECONFIG names "
                        + files.stream()
                                .map(file -> Printable.of(file.toString()) + ", " + fault(file))
                                .collect(Collectors.joining(", and ")));
    }

    private static List<Path> files(String variable) {
        return Arrays.stream(variable.split(File.pathSeparator, -1))
                .filter(name -> !name.isBlank())
                .map(Path::of)
                .toList();
    }

    private static String fault(Path file) {
        if (!Files.exists(file)) {
            return "which is not there";
        }
        if (Files.isDirectory(file)) {
            return "which is a folder";
        }
        return Files.isReadable(file) ? "which is no file" : "which this user may not read";
    }

    private static Config of(Path file, Optional<String> context) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IOException("the kubeconfig " + Printable.of(file.toString()) + " cannot be read");
        }
        try {
            return Config.fromKubeconfig(context.orElse(null), file.toFile());
        } catch (RuntimeException e) {
            // fabric8's message names its own classes.
            throw new IOException("the kubeconfig " + Printable.of(file.toString()) + " is not a valid kubeconfig", e);
        }
    }

    private static void check(Config config, String context) throws IOException {
        if (Optional.ofNullable(config.getContexts()).orElse(List.of()).stream()
                .noneMatch(each -> context.equals(each.getName()))) {
            var there = String.join(", ", names(config));
            throw new IOException("there is no context '" + Printable.of(context) + "' in the kubeconfig"
                    + (there.isEmpty() ? "" : "; it has " + there));
        }
    }

    private static List<String> names(Config config) {
        return Optional.ofNullable(config.getContexts()).orElse(List.of()).stream()
                .map(each -> Printable.of(each.getName()))
                .toList();
    }

    /** What a context names must be there, else another cluster would be asked, or this one by nobody. */
    private static void checkParts(Config config, NamedContext context) throws IOException {
        var cluster = String.valueOf(context.getContext().getCluster());
        var user = Optional.ofNullable(context.getContext().getUser()).orElse("");
        var name = "context '" + Printable.of(context.getName()) + "' of the kubeconfig";
        if (config.getFileWithCluster() == null) {
            throw new IOException(name + " names a cluster '" + Printable.of(cluster) + "', which is not there");
        }
        if (config.getFileWithAuthInfo() == null && !user.isEmpty()) {
            throw new IOException(name + " names a user '" + Printable.of(user) + "', which is not there");
        }
        boolean without = config.getAutoOAuthToken() == null
                && config.getOauthToken() == null
                && config.getClientCertData() == null
                && config.getClientCertFile() == null;
        var plugin = without && config.getFileWithAuthInfo() != null
                ? plugin(config.getFileWithAuthInfo(), user)
                : Optional.<String>empty();
        if (plugin.isPresent()) {
            throw new IOException("the credential plugin '" + Printable.of(plugin.get()) + "' of user '"
                    + Printable.of(user) + "' in the kubeconfig gave no credential; run it to see why");
        }
    }

    /** The program that a user's credential comes from. */
    private static Optional<String> plugin(File file, String user) {
        return Optional.ofNullable(KubeConfigUtils.parseConfig(file).getUsers()).orElse(List.of()).stream()
                .filter(each -> user.equals(each.getName()) && each.getUser() != null)
                .map(each -> each.getUser().getExec())
                .filter(Objects::nonNull)
                .map(ExecConfig::getCommand)
                .findFirst();
    }

    private static boolean isInPod() {
        return isSet("KUBERNETES_SERVICE_HOST");
    }

    private static boolean isSet(String variable) {
        return System.getenv(variable) != null;
    }
}
