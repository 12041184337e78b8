// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeConfig;
import upstreamreset.pod.TargetNames;

/**
 * Asks the cluster that the previous words select for names, for as long as a person waits after a tab; without an
 * answer there are no names.
 */
final class ClusterNames implements CompletedNames {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A question to a cluster. */
    private interface Question {
        List<String> ask(TargetNames names, Optional<String> namespace) throws ApiException, InterruptedException;
    }

    @Override
    public List<String> contexts(List<String> words) {
        try {
            return KubeConfig.contexts(
                    value(words, "--kubeconfig", "--kubeconfig").map(Path::of));
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }

    @Override
    public List<String> namespaces(List<String> words) {
        return ask(words, (names, _) -> names.namespaces());
    }

    @Override
    public List<String> pods(List<String> words) {
        return ask(words, TargetNames::pods);
    }

    @Override
    public List<String> targets(List<String> words, String typed) {
        return ask(words, (names, namespace) -> names.targets(namespace, typed));
    }

    private static List<String> ask(List<String> words, Question question) {
        try {
            var config = KubeConfig.find(
                    value(words, "--kubeconfig", "--kubeconfig").map(Path::of), value(words, "--context", "--context"));
            try (var api = new KubeApi(config, PATIENCE)) {
                boolean everywhere = words.contains("-A") || words.contains("--all-namespaces");
                var namespace = value(words, "-n", "--namespace").orElse(api.namespace());
                return question.ask(new TargetNames(api), everywhere ? Optional.empty() : Optional.of(namespace));
            }
        } catch (IOException | ApiException | RuntimeException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** The last value of an option, in its own word or behind an equals sign. */
    private static Optional<String> value(List<String> words, String brief, String full) {
        var value = Optional.<String>empty();
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            if (word.startsWith(full + "=")) {
                value = Optional.of(word.substring(full.length() + 1));
            } else if ((word.equals(brief) || word.equals(full)) && i + 1 < words.size()) {
                value = Optional.of(words.get(i + 1));
            }
        }
        return value.filter(each -> !each.isEmpty());
    }
}
