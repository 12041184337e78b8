// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.testing.KubeApiServer;
import upstreamreset.testing.Kubectl;
import upstreamreset.testing.Kubectl.Result;

/** The admission policy lets the app patch its own Pod's label {@code pod} to its own name, and nothing else. */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnPodPolicyIT {
    private final KubeApiServer server = KubeApiServer.start();
    private final Kubectl app = Lab.install(server);

    @BeforeAll
    void thePolicyHasTakenEffect() {
        await().until(() -> patch(app, "http-chunked-1", "metadata: {labels: {pod: http-chunked-1}}")
                .err()
                .contains("may patch only itself"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void theAppMayLabelItsOwnPodWithItsOwnName() {
        var result = patch(app, "http-chunked-0", "metadata: {labels: {pod: http-chunked-0}}");

        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @Test
    void andTakeTheLabelAwayAgain() {
        var result = patch(app, "http-chunked-0", "metadata: {labels: {pod: null}}");

        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metadata: {labels: {pod: http-chunked-1}} | is the Pod's own name",
                "metadata: {labels: {app: other}} | only its label",
                "metadata: {labels: {app: null}} | only its label",
                "metadata: {labels: {more: this}} | only its label",
                "metadata: {annotations: {a: b}} | nothing of itself but its label",
                "metadata: {finalizers: [a/b]} | nothing of itself but its label",
                "spec: {activeDeadlineSeconds: 1} | nothing of itself but its label",
                "spec: {containers: [{name: http-chunked, image: other}]} | nothing of itself but its label",
            })
    void theAppMayNot(String patch, String because) {
        var result = patch(app, "http-chunked-0", patch);

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err()).contains("http-chunked-own-pod").contains(because);
    }

    @Test
    void theAppMayNotPatchAnotherPodOfIts() {
        var result = patch(app, "http-chunked-1", "metadata: {labels: {pod: http-chunked-1}}");

        assertThat(result.err()).contains("may patch only itself");
    }

    @Test
    void aTokenThatNoPodIsBoundToMayPatchNoPod() {
        var result = patch(Lab.outsideAnyPod(server), "http-chunked-0", "metadata: {labels: {pod: http-chunked-0}}");

        assertThat(result.err()).contains("may patch only itself");
    }

    @Test
    void aPodThatWasMadeAnewIsAnotherOne() {
        // Given a token of the Pod before
        var before = Lab.inPod(server, "http-chunked-1");
        var pod = Yaml.all(server.run("get", "pod", "http-chunked-1", "-o", "yaml"))
                .getFirst();
        server.run("delete", "pod", "http-chunked-1", "--force", "--grace-period=0");
        pod.object("metadata")
                .root()
                .keySet()
                .removeIf(key -> !key.equals("name") && !key.equals("labels") && !key.equals("namespace"));
        server.apply(pod.toString());
        // When
        var result = patch(before, "http-chunked-1", "metadata: {labels: {pod: http-chunked-1}}");
        // Then the API server does not even know who it is
        assertThat(result.exitCode()).isNotZero();
    }

    @Test
    void anybodyElseIsNotBoundByIt() {
        server.run("label", "--overwrite", "pod", "http-chunked-1", "more=this");
    }

    private static Result patch(Kubectl caller, String pod, String patch) {
        return caller.run("", "patch", "pod", pod, "--type=strategic", "--patch", patch);
    }
}
