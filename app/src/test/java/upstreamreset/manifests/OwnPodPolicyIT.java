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
import upstreamreset.manifests.Caller.Answer;
import upstreamreset.testing.KubeApiServer;

/** The admission policy lets the app patch its own Pod's label {@code pod} to its own name, and nothing else. */
@Tag("kube")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnPodPolicyIT {
    private static final String LABEL_1 = label("\"http-chunked-1\"");

    private final KubeApiServer server = KubeApiServer.start();
    private final Caller app;

    OwnPodPolicyIT() {
        Lab.install(server);
        app = Caller.inPod(server, "http-chunked-0");
    }

    @BeforeAll
    void thePolicyHasTakenEffect() {
        await().until(() -> patch(app, "http-chunked-1", LABEL_1).body().contains("may patch only itself"));
    }

    @AfterAll
    void stop() {
        app.close();
        server.close();
    }

    @Test
    void theAppMayLabelItsOwnPodWithItsOwnName() {
        assertThat(patch(app, "http-chunked-0", label("\"http-chunked-0\""))).matches(Answer::allowed);
    }

    @Test
    void andTakeTheLabelAwayAgain() {
        assertThat(patch(app, "http-chunked-0", label("null"))).matches(Answer::allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"metadata\": {\"labels\": {\"pod\": \"http-chunked-1\"}}} | is the Pod's own name",
                "{\"metadata\": {\"labels\": {\"app\": \"other\"}}} | only its label",
                "{\"metadata\": {\"labels\": {\"app\": null}}} | only its label",
                "{\"metadata\": {\"labels\": {\"more\": \"this\"}}} | only its label",
                "{\"metadata\": {\"annotations\": {\"a\": \"b\"}}} | nothing of itself but its label",
                "{\"metadata\": {\"finalizers\": [\"a/b\"]}} | nothing of itself but its label",
                "{\"spec\": {\"activeDeadlineSeconds\": 1}} | nothing of itself but its label",
                "{\"spec\": {\"containers\": [{\"name\": \"http-chunked\", \"image\": \"other\"}]}}"
                        + " | nothing of itself but its label",
            })
    void theAppMayNot(String patch, String because) {
        assertThat(patch(app, "http-chunked-0", patch))
                .matches(answer -> answer.status() == 422)
                .matches(answer -> answer.body().contains("http-chunked-own-pod"))
                .matches(answer -> answer.body().contains(because), because);
    }

    @Test
    void theAppMayNotPatchAnotherPodOfIts() {
        assertThat(patch(app, "http-chunked-1", LABEL_1))
                .matches(answer -> answer.body().contains("may patch only itself"));
    }

    @Test
    void aTokenThatNoPodIsBoundToMayPatchNoPod() {
        try (var nobody = Caller.outsideAnyPod(server)) {
            assertThat(patch(nobody, "http-chunked-1", LABEL_1))
                    .matches(answer -> answer.body().contains("may patch only itself"));
        }
    }

    @Test
    void aPodThatWasMadeAnewIsAnotherOne() {
        try (var before = Caller.inPod(server, "http-chunked-1")) {
            assertThat(patch(before, "http-chunked-1", LABEL_1)).matches(Answer::allowed);

            Lab.renew(server, "http-chunked-1");

            assertThat(patch(before, "http-chunked-1", LABEL_1)).matches(answer -> !answer.allowed());
        }
    }

    @Test
    void anybodyElseIsNotBoundByIt() {
        server.run("label", "--overwrite", "pod", "http-chunked-1", "more=this");
    }

    private static String label(String value) {
        return "{\"metadata\": {\"labels\": {\"pod\": " + value + "}}}";
    }

    private static Answer patch(Caller caller, String pod, String patch) {
        return caller.patch("/api/v1/namespaces/default/pods/" + pod, patch);
    }
}
