// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine.Model.OptionSpec;

/** One word for one thing, and one thing for one word, over the options of all commands. */
class OptionWordsTest {
    /** The thing, as descriptions say it, and its word. */
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("HTML (page|report)", "--report"),
            Map.entry("JUnit XML", "--junit"),
            Map.entry(" as (a )?pcap", "--capture"),
            Map.entry("Output format", "--output"),
            Map.entry("Envoy version|(version|these versions) of Envoy", "--envoy-version"),
            Map.entry("Istio version|(version|these versions) of Istio", "--istio-version"),
            Map.entry("The Envoy (to use\\b|for )|column for this Envoy", "--envoy"),
            Map.entry("accessLogFormat", "--format"),
            Map.entry("The server's framework", "--framework"),
            Map.entry("The kubeconfig\\.", "--kubeconfig"),
            Map.entry("context of the kubeconfig", "--context"),
            Map.entry("namespace (of TARGET|for the printed commands)\\b", "--namespace"),
            Map.entry("TARGET in all namespaces", "--all-namespaces"),
            Map.entry("Pods with these labels", "--selector"),
            Map.entry("request's method", "--request"),
            Map.entry("header field of the request", "--header"),
            Map.entry("body of the request", "--data"),
            Map.entry("Timeout (of|for)", "--timeout"),
            Map.entry("How long to wait", "--wait"),
            Map.entry("^(Listen on this|The app's) port|with this port|from this port|^Port to", "--port"),
            Map.entry("^Maximum (number of bytes to read|size of the capture)", "--max-bytes"),
            Map.entry("client's sidecar in front", "--with-client-sidecar"));

    /** Words for what only a few commands do; a new option is one of these, or has its word above. */
    private static final Set<String> OTHERS = Set.of(
            ("--all --list --pod --stream --host --since --until --url-file --user --insecure --through-envoy --keep --ask"
                            + " --http2 --mesh --column --flag --status --codec-log --yes --interface --time --max-packets"
                            + " --snaplen --image --chunks --period --lame-duck --drain --live --election --lease-name"
                            + " --lease-duration --renewal-deadline --retry-period --leader-service --mesh-url --help"
                            + " --version --debug --show-secrets --color")
                    .split(" ", -1));

    /** The name that inspect's --report had at first. */
    private static final Set<String> HIDDEN = Set.of("--html");

    private record Option(String command, OptionSpec spec) {
        String name() {
            return spec.longestName();
        }

        String description() {
            return String.join(" ", spec.description());
        }

        @Override
        public String toString() {
            return command + " " + name();
        }
    }

    private static List<Option> options() {
        return Main.COMMANDS.entrySet().stream()
                .flatMap(command -> command.getValue().get().commandLine().getCommandSpec().options().stream()
                        .map(spec -> new Option(command.getKey(), spec)))
                .toList();
    }

    private static Stream<Option> shown() {
        return options().stream().filter(each -> !each.spec().hidden());
    }

    @TestFactory
    Stream<DynamicTest> aThingHasOneWord() {
        return WORDS.entrySet().stream()
                .map(word -> DynamicTest.dynamicTest(word.getValue(), () -> {
                    var thing = Pattern.compile(word.getKey());
                    assertThat(shown().filter(each ->
                                    thing.matcher(each.description()).find()))
                            .as("whose descriptions say \"%s\"", word.getKey())
                            .isNotEmpty()
                            .allMatch(each -> each.name().equals(word.getValue()));
                    assertThat(shown().filter(each -> each.name().equals(word.getValue())))
                            .as("what %s means", word.getValue())
                            .allMatch(each -> thing.matcher(each.description()).find()
                                    || each.description().startsWith("The same, as a version of Istio"));
                }));
    }

    @Test
    void aNewWordIsNoSecondOne() {
        assertThat(shown().map(Option::name)).allMatch(name -> WORDS.containsValue(name) || OTHERS.contains(name));
        assertThat(options().stream().filter(each -> each.spec().hidden()).map(Option::name))
                .containsExactlyInAnyOrderElementsOf(HIDDEN);
        assertThat(Stream.concat(WORDS.values().stream(), OTHERS.stream()))
                .as("no word is left of an option that is gone")
                .allMatch(word -> shown().anyMatch(each -> each.name().equals(word))
                        || Main.rootSpec().optionsMap().containsKey(word));
    }

    /** Such a one is most often a second word for a page, a capture or a report. */
    @Test
    void whatIsAFileIsOneOfAFew() {
        assertThat(shown().filter(each -> each.spec().type() == Path.class
                                || each.spec().paramLabel().equals("FILE"))
                        .map(Option::name)
                        .distinct())
                .containsExactlyInAnyOrder(
                        "--report", "--junit", "--capture", "--kubeconfig", "--envoy", "--mesh", "--url-file");
    }

    @Test
    void aWordHasOneFormEverywhere() {
        var forms = new HashMap<String, String>();
        shown().forEach(each -> {
            var form = Arrays.toString(each.spec().names()) + " " + each.spec().paramLabel();
            // A port that has a name there.
            if (!each.toString().equals("diagnose --port")) {
                assertThat(form).as(each.toString()).isEqualTo(forms.computeIfAbsent(each.name(), _ -> form));
            }
        });
    }

    /** Each command that prints a result prints it as JSON too; the others print text that is theirs, or serve. */
    @Test
    void everyResultHasAnOutputFormat() {
        assertThat(Main.COMMANDS.keySet().stream()
                        .filter(command -> shown().noneMatch(each ->
                                each.command().equals(command) && each.name().equals("--output"))))
                .containsExactlyInAnyOrder("serve", "completion", "help");
    }
}
