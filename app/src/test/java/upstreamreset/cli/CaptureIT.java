// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.testing.Cli;
import upstreamreset.testing.KubeApiServer;

/**
 * What {@code capture} asks a real API server before it adds anything, and what it says of what is missing. No kubelet is here: what it
 * captures is tested on a whole cluster ({@code scripts/test --cluster}).
 */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CaptureIT {
    private static final String GET_PODS = "{apiGroups: [''], resources: [pods], verbs: [get]}";
    private static final String PATCH = "{apiGroups: [''], resources: [pods/ephemeralcontainers], verbs: [patch]}";
    private static final String GET_EXEC = "{apiGroups: [''], resources: [pods/exec], verbs: [get]}";

    private final KubeApiServer server = KubeApiServer.shared();

    @BeforeAll
    void install() {
        namespace("capture", "privileged");
        namespace("capture-restricted", "restricted");
        person("reads", GET_PODS);
        person("lacks-exec", GET_PODS + ", " + PATCH);
        person("lacks-create", GET_PODS + ", " + PATCH + ", " + GET_EXEC);
    }

    private void namespace(String name, String level) {
        server.apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: %1$s, labels: {pod-security.kubernetes.io/enforce: %2$s}}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: default, namespace: %1$s}
                """.formatted(name, level));
        server.apply(pod("app", name) + "---\n" + pod("starts", name));
        server.run("patch", "pod", "app", "-n", name, "--subresource=status", "--type=merge", "-p", """
                {"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}""");
    }

    private static String pod(String name, String namespace) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s}
                spec:
                  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
                  containers:
                  - name: app
                    image: app
                    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """.formatted(name, namespace);
    }

    private void person(String name, String rules) {
        server.apply("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: %1$s, namespace: capture}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: %1$s, namespace: capture}
                rules: [%2$s]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: %1$s, namespace: capture}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %1$s}
                subjects: [{kind: ServiceAccount, name: %1$s, namespace: capture}]
                """.formatted(name, rules));
    }

    @AfterAll
    void stop() {
        for (var namespace : new String[] {"capture", "capture-restricted"}) {
            server.run("delete", "namespace", namespace, "--wait=false");
        }
    }

    private Cli.Result capture(Path kubeconfig, String... arguments) {
        var line = new String[arguments.length + 3];
        line[0] = "capture";
        line[1] = "--kubeconfig";
        line[2] = kubeconfig.toString();
        System.arraycopy(arguments, 0, line, 3, arguments.length);
        return Cli.run(line);
    }

    private Path as(String person) {
        return server.kubeconfig(person, server.token("capture", person), "capture");
    }

    private void nothingWasAdded() {
        assertThat(server.run("get", "pods", "-A", "-o", "jsonpath={.items[*].spec.ephemeralContainers}"))
                .isEmpty();
    }

    /** Since 1.35 a WebSocket needs create besides get. */
    private boolean createCounts() {
        return !server.run("get", "--raw", "/version").matches("(?s).*\"minor\":\\s*\"3[0-4]\".*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reads        | patch pods/ephemeralcontainers, get pods/exec, create pods/exec
            lacks-exec   | get pods/exec, create pods/exec
            lacks-create | create pods/exec
            """)
    void eachVerbThatIsMissingIsNamedAndNothingIsAdded(String person, String missing) {
        assumeTrue(createCounts() || !person.equals("lacks-create"));
        var expected = createCounts() ? missing : missing.replace(", create pods/exec", "");

        var result = capture(as(person), "app", "--time", "1s");

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.errors())
                .contains("upstream-reset capture: you may not " + expected
                        + " in namespace capture; manifests/diagnose/capture.yaml has the Role that allows it");
        nothingWasAdded();
    }

    @Test
    void podSecurityThatRefusesTheContainerIsQuotedAndNothingIsAdded(@TempDir Path folder) {
        var file = folder.resolve("a.pcap");
        var result = capture(server.kubeconfig(), "-n", "capture-restricted", "app", "-w", file.toString());

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.errors())
                .contains("the API server admits no container in pod/app that can capture: ")
                .contains("violates PodSecurity \"restricted:latest\"")
                .contains("Nothing was added to the Pod");
        assertThat(file).doesNotExist();
        nothingWasAdded();
    }

    @Test
    void aPodThatDoesNotRunIsLeftAlone() {
        var result = capture(server.kubeconfig(), "-n", "capture", "starts");

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.errors()).contains("pod/starts is not running, but Pending: nothing was added to it");
        nothingWasAdded();
    }

    @Test
    void aPodThatIsNotThereIsSaidSo() {
        var result = capture(server.kubeconfig(), "-n", "capture", "deploy/cart");

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.errors()).contains("there is no deployment 'cart' in namespace 'capture'");
    }

    @Test
    void aCaptureThatIsThereIsNotReplacedByNone(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("a.pcap"), "kept");

        capture(server.kubeconfig(), "-n", "capture-restricted", "app", "-w", file.toString());

        assertThat(file).hasContent("kept");
    }
}
