// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A kubeconfig that leads to no cluster says why in one sentence; as kubectl, one file of several is enough. */
class KubeConfigTest {
    @TempDir
    Path folder;

    @Test
    void whatIsNotThereIsNamed() {
        var none = folder.resolve("none");
        assertThat(KubeConfig.unreadable(Optional.of(none.toString())))
                .contains("KUBECONFIG names " + none + ", which is not there");
        assertThat(KubeConfig.unreadable(Optional.of("/dev/null")))
                .contains("KUBECONFIG names /dev/null, which is no file");
        assertThat(KubeConfig.unreadable(Optional.of(none + File.pathSeparator + folder)))
                .contains("KUBECONFIG names " + none + ", which is not there, and " + folder + ", which is a folder");
    }

    @Test
    void oneThatCanBeReadIsEnough() throws Exception {
        var file = Files.writeString(folder.resolve("config"), "");
        assertThat(KubeConfig.unreadable(Optional.of(folder.resolve("none") + File.pathSeparator + file)))
                .isEmpty();
        assertThat(KubeConfig.unreadable(Optional.empty())).isEmpty();
        assertThat(KubeConfig.unreadable(Optional.of(""))).isEmpty();
    }

    private Path kubeconfig(String cluster, String user, String plugin) throws IOException {
        var program = folder.resolve("plugin");
        Files.writeString(program, "#!/bin/sh\n" + plugin + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
                users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: "%s", interactiveMode: Never}}}]
                contexts: [{name: rig, context: {cluster: %s, user: %s}}]
                current-context: rig
                """.formatted(program, cluster, user));
    }

    @Test
    void aCredentialPluginsTokenIsUsed() throws Exception {
        var file = kubeconfig(
                "c",
                "u",
                "echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"plugged\"}}'");

        assertThat(KubeConfig.find(Optional.of(file), Optional.empty()).getAutoOAuthToken())
                .isEqualTo("plugged");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            c    | u    | exit 1              | /plugin' of user 'u' in the kubeconfig gave no credential; run it to see why
            c    | u    | echo no; echo: {}   | /plugin' of user 'u' in the kubeconfig gave no credential; run it to see why
            none | u    | exit 1              | context 'rig' of the kubeconfig names a cluster 'none', which is not there
            c    | none | exit 1              | context 'rig' of the kubeconfig names a user 'none', which is not there
            """)
    void aContextThatLeadsNowhereIsSaidInOneSentence(String cluster, String user, String plugin, String said)
            throws Exception {
        var file = kubeconfig(cluster, user, plugin);

        assertThatThrownBy(() -> KubeConfig.find(Optional.of(file), Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(said);
    }

    private Path kubeconfigOf(String cluster, String user) throws IOException {
        return Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: other, cluster: {server: "https://127.0.0.1:2", proxy-url: "http://127.0.0.1:3"}}, {name: c, cluster: {%s}}]
                users: [{name: u, user: {%s}}]
                contexts: [{name: rig, context: {cluster: c, user: u}}]
                current-context: rig
                """.formatted(cluster, user));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            server: "127.0.0.1:1"                                             | token: x                                             | is not a URL that begins with https:// or http://
            server: "https://127.0.0.1:1", certificate-authority: none.pem    | token: x                                             | /none.pem cannot be read, or is not there
            server: "https://127.0.0.1:1"                                     | client-certificate: none.pem, client-key: none.key   | /none.pem cannot be read, or is not there
            """)
    void whatAKubeconfigNamesMustBeThere(String cluster, String user, String said) throws Exception {
        var file = kubeconfigOf(cluster, user);

        assertThatThrownBy(() -> KubeConfig.find(Optional.of(file), Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(said);
    }

    @Test
    void theProxyOfTheContextsClusterIsUsed() throws Exception {
        var without = KubeConfig.find(
                Optional.of(kubeconfigOf("server: \"https://127.0.0.1:1\"", "token: x")), Optional.empty());
        assertThat(without.getHttpsProxy()).isNotEqualTo("http://127.0.0.1:3");

        var with = KubeConfig.find(
                Optional.of(
                        kubeconfigOf("server: \"https://127.0.0.1:1\", proxy-url: \"http://127.0.0.1:4\"", "token: x")),
                Optional.empty());
        assertThat(with.getHttpsProxy()).isEqualTo("http://127.0.0.1:4");
    }

    /** As in {@code --kubeconfig <(...)}. */
    @Test
    void aPipeIsReadOnce() throws Exception {
        var file = kubeconfigOf("server: \"https://127.0.0.1:1\"", "token: x");
        var pipe = folder.resolve("pipe");
        new ProcessBuilder("sh", "-c", "mkfifo '%1$s' && { cat '%2$s' >'%1$s' & }".formatted(pipe, file))
                .start()
                .waitFor();

        var config = CompletableFuture.supplyAsync(() -> server(pipe));

        assertThat(config).succeedsWithin(Duration.ofMinutes(1)).isEqualTo("https://127.0.0.1:1/");
    }

    private static String server(Path file) {
        try {
            return KubeConfig.find(Optional.of(file), Optional.empty()).getMasterUrl();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aCertificateThatIsNoneIsSaidInOneSentence() throws Exception {
        var config = KubeConfig.find(
                Optional.of(kubeconfigOf(
                        "server: \"https://127.0.0.1:1\"", "client-certificate-data: eHg=, client-key-data: eHg=")),
                Optional.empty());

        assertThatThrownBy(() -> KubeApi.connect(config, Duration.ofSeconds(5)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the kubeconfig's certificate, key or proxy cannot be used: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "{", "apiVersion: v1"})
    void whatIsNoKubeconfigIsSaidSo(String text) throws Exception {
        var file = Files.writeString(folder.resolve("config"), text);

        assertThatThrownBy(() -> KubeConfig.find(Optional.of(file), Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        ".* is not a valid kubeconfig|the kubeconfig names no current context; it has none");
    }
}
