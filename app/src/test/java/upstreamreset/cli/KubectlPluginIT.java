// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.KubeApiServer;

/** The plugin as a real kubectl runs it, and asks it for completions. */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubectlPluginIT {
    private static final Path BIN = Path.of("../bin").toAbsolutePath().normalize();

    private final KubeApiServer server = KubeApiServer.shared();

    @TempDir
    private Path folder;

    @BeforeAll
    void install() {
        server.apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: plugin}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: default, namespace: plugin}
                """);
        server.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: cart-0, namespace: plugin}
                spec: {containers: [{name: app, image: app}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: cart, namespace: plugin}
                spec: {ports: [{port: 80}]}
                """);
    }

    /** What kubectl prints, with the plugin on its PATH. */
    private String kubectl(Path plugins, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(server.kubectl().toString()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PATH", plugins + File.pathSeparator + System.getenv("PATH"));
        builder.environment().put("KUBECONFIG", server.kubeconfig().toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        var process = builder.start();
        try {
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void helpAndMessagesNameThePlugin() throws Exception {
        assertThat(kubectl(BIN, "upstream-reset", "capture", "--help"))
                .startsWith("Usage: kubectl upstream-reset capture ")
                .contains("\n  kubectl upstream-reset capture -n shop deploy/cart\n");
        assertThat(kubectl(BIN, "upstream-reset", "capture"))
                .startsWith("kubectl upstream-reset capture: TARGET is missing")
                .contains("Try 'kubectl upstream-reset capture --help'.");
    }

    /** As krew installs it. */
    @Test
    void itIsFoundBehindALink() throws Exception {
        Files.createSymbolicLink(folder.resolve("kubectl-upstream_reset"), BIN.resolve("kubectl-upstream_reset"));

        assertThat(kubectl(folder, "upstream-reset", "--help")).startsWith("Usage: kubectl upstream-reset ");
    }

    @Test
    void kubectlCompletesItsWords() throws Exception {
        assertThat(offered("reproduce", "wron")).containsExactly("wrong", ":4");
        assertThat(offered("capture", "--context", "te")).containsExactly("test", ":4");
        assertThat(offered("capture", "-n", "plugin", "node/")).containsExactly(":4");
    }

    /** Asked again where this machine is too busy for the patience of somebody who waits for a key. */
    @Test
    void kubectlCompletesNamesOfTheCluster() {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(offered("capture", "-n", "plug")).containsExactly("plugin", ":4");
            assertThat(offered("capture", "-n", "plugin", ""))
                    .containsExactly("cart-0", "deploy/", "sts/", "ds/", "svc/", ":6");
            assertThat(offered("capture", "--namespace=plugin", "svc/")).containsExactly("svc/cart", ":4");
        });
    }

    @Test
    void aClusterThatDoesNotAnswerHasNoNames() throws Exception {
        assertThat(offered("capture", "--kubeconfig", folder.resolve("none").toString(), ""))
                .containsExactly(":4");
    }

    private List<String> offered(String... words) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of("__complete", "upstream-reset"));
        line.addAll(List.of(words));
        return kubectl(BIN, line.toArray(String[]::new))
                .lines()
                .filter(each -> !each.startsWith("Completion ended with directive") && !each.startsWith("[Debug] "))
                .map(each -> each.replaceFirst("\t.*", ""))
                .toList();
    }
}
