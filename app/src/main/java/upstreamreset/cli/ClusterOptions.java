// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeConfig;
import upstreamreset.output.ShellWord;
import upstreamreset.pod.PodFinder;
import upstreamreset.pod.TargetName;
import upstreamreset.wire.Printable;

/** The options that select a cluster and Pods, named as in kubectl. */
final class ClusterOptions {
    private @Nullable String namespace;
    private boolean everywhere;
    private @Nullable String selector;
    private @Nullable String context;
    private @Nullable Path kubeconfig;

    void addTo(Syntax syntax) {
        syntax.option("--namespace", "NAMESPACE", String.class, value -> namespace = value)
                .names("-n", "--namespace")
                .description("The namespace of TARGET. Default: that of the kubeconfig's context.");
        syntax.flag("--all-namespaces", value -> everywhere = value)
                .names("-A", "--all-namespaces")
                .description("Look for TARGET in all namespaces.");
        syntax.option("--selector", "SELECTOR", String.class, value -> selector = value)
                .names("-l", "--selector")
                .description("Pods with these labels, instead of TARGET.");
        syntax.option("--context", "CONTEXT", String.class, value -> context = value)
                .description("The context of the kubeconfig. Default: the current one.");
        syntax.option("--kubeconfig", "FILE", Path.class, value -> kubeconfig = value)
                .description("The kubeconfig. Default: $KUBECONFIG, else ~/.kube/config.");
    }

    /** What names the cluster in another command, as it was given, with a space before each option. */
    String words() {
        return (context == null ? "" : " --context " + ShellWord.quoted(context))
                + (kubeconfig == null ? "" : " --kubeconfig " + ShellWord.quoted(kubeconfig.toString()));
    }

    boolean everywhere() {
        return everywhere;
    }

    /** The files that are read. */
    Stream<String> files() {
        return kubeconfig == null ? Stream.empty() : Stream.of(kubeconfig.toString());
    }

    /** Whether labels stand for TARGET. */
    boolean selects() {
        return selector != null;
    }

    /** @param target as it was typed, where labels do not stand for it */
    PodFinder.Query query(Optional<String> target, KubeApi api) {
        return new PodFinder.Query(
                target.map(TargetName::parse),
                selector == null ? "" : selector,
                everywhere ? Optional.empty() : Optional.of(namespace == null ? api.namespace() : namespace));
    }

    /** Throws {@code IllegalArgumentException} where the options do not go together. */
    void check(List<String> operands) {
        if (everywhere && namespace != null) {
            throw new IllegalArgumentException("-n and -A exclude each other: -A means all namespaces");
        }
        if (namespace != null && !namespace.matches("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException("-n " + namespace + " is not a valid namespace name");
        }
        if (selector != null && selector.isBlank()) {
            throw new IllegalArgumentException("-l expects labels, for example -l app=cart");
        }
        if (operands.isEmpty() && selector == null) {
            throw new IllegalArgumentException(
                    "TARGET is missing: pod/NAME, deploy/NAME, sts/NAME, svc/NAME, or -l LABELS");
        }
        if (selector == null && operands.getFirst().startsWith("/")) {
            throw new IllegalArgumentException("TARGET is missing before " + Printable.words(operands.getFirst())
                    + ": pod/NAME, deploy/NAME, sts/NAME, svc/NAME, or -l LABELS");
        }
        if (selector == null) {
            TargetName.parse(operands.getFirst());
        }
    }

    KubeApi connect(Duration patience) throws IOException {
        return KubeApi.connect(
                KubeConfig.find(Optional.ofNullable(kubeconfig), Optional.ofNullable(context)), patience);
    }
}
