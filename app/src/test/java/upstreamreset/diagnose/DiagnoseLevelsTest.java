// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import upstreamreset.accesslog.LogReader;
import upstreamreset.diagnose.Question.CodecLogging;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeConfig;
import upstreamreset.pod.EnvoyAdmin;
import upstreamreset.pod.Pod;
import upstreamreset.pod.PodFinder;
import upstreamreset.pod.Selection;
import upstreamreset.pod.TargetName;
import upstreamreset.probe.ProbeRequest;

/** Raised log levels whose API server goes away, and what a signal does then: they are restored, or it is said that they are not. */
class DiagnoseLevelsTest extends DiagnoseFixture {
    private static final String RESTORES =
            "kubectl -n shop exec cart-0 -c istio-proxy -- pilot-agent request POST 'logging?paths=client:warning'";
    private static final Commands COMMANDS = new Commands("upstream-reset", "");

    private final Notes notes = new Notes();

    /** What is told of the levels, in this order; it is not tried long to restore them. */
    private static final class Notes implements Watcher {
        private final List<String> told = new ArrayList<>();
        private Duration patience = Duration.ofMillis(1);

        @Override
        public void raising(List<String> changes, String restoring) {
            told.add("raising, restored by " + restoring);
        }

        @Override
        public void restored(Optional<String> failure, String restoring) {
            told.add(failure.isEmpty() ? "restored" : "still raised, restored by " + restoring);
        }

        @Override
        public Duration patience() {
            return patience;
        }

        @Override
        public void waiting(String what) {
            told.add(what);
        }
    }

    @BeforeEach
    void sidecarRefuses() {
        cluster.status = 502;
        cluster.line = REFUSED;
    }

    private KubeApi api() throws IOException {
        return new KubeApi(
                KubeConfig.find(Optional.of(cluster.kubeconfig(folder)), Optional.empty()), Duration.ofSeconds(60));
    }

    private static List<Pod> pods(KubeApi api) throws Exception {
        return new PodFinder(api)
                .find(new PodFinder.Query(Optional.of(TargetName.parse("cart-0")), "", Optional.of("shop")));
    }

    private RaisedLevels raised(KubeApi api) throws Exception {
        var pod = pods(api).getFirst();
        return RaisedLevels.raise(new EnvoyAdmin(api, pod), pod, CodecLogging.REASON, "1.38.3", COMMANDS, notes);
    }

    @Test
    void whatTheApiServerGoesAwayFromIsSaidToBeStillRaised() throws Exception {
        cluster.raised = () -> cluster.gone = true;

        try (var api = api()) {
            var diagnosis = new Diagnoser(
                            api,
                            Selection.firstOf(pods(api), false),
                            Optional.empty(),
                            new LogReader(),
                            "1.38",
                            COMMANDS,
                            notes)
                    .diagnose(new Question(
                            ProbeRequest.of(null, List.of(), null),
                            Optional.of("/wrong"),
                            Duration.ofMinutes(15),
                            Optional.empty(),
                            CodecLogging.REASON,
                            Duration.ofSeconds(60)));

            assertThat(cluster.levels).containsEntry("client", "debug");
            assertThat(notes.told)
                    .containsExactly("raising, restored by " + RESTORES, "still raised, restored by " + RESTORES);
            assertThat(diagnosis.conclusion().sentence())
                    .endsWith("; the sidecar's log levels are still raised, and the first command below restores them");
            assertThat(diagnosis.conclusion().next()).first().isEqualTo(RESTORES);
            assertThat(diagnosis.conclusion().unread()).isTrue();
        }
    }

    @Test
    void aSignalRestoresThemOnce() throws Exception {
        notes.patience = Duration.ofSeconds(60);
        try (var api = api();
                var levels = raised(api)) {
            assertThat(cluster.levels).containsEntry("client", "debug");

            levels.stopped();

            assertThat(cluster.levels).containsEntry("client", "warning");
        }
        assertThat(notes.told).filteredOn("restored"::equals).hasSize(1);
    }

    @Test
    void aSignalWithoutApiServerNamesTheCommand() throws Exception {
        try (var api = api();
                var levels = raised(api)) {
            cluster.gone = true;

            levels.stopped();

            assertThat(notes.told).last().isEqualTo("still raised, restored by " + RESTORES);
        }
        assertThat(notes.told).filteredOn(each -> each.startsWith("still")).hasSize(1);
    }

    @Test
    void anApiServerThatSaysNothingDoesNotHoldTheEndUp() throws Exception {
        try (var api = api();
                var levels = raised(api)) {
            cluster.hanging.add("/portforward");

            levels.stopped();

            assertThat(notes.told).last().isEqualTo("still raised, restored by " + RESTORES);
        }
    }

    @Test
    void whatCannotBeRaisedIsSaidAndTheQuestionIsAskedAllTheSame() throws IOException {
        cluster.noAdmin = true;

        var result = run("/wrong", "--codec-log");

        assertThat(result.output())
                .contains("asked it through its sidecar:  502 UPE", "its log could not be raised: nothing listens on");
        assertThat(result.exitCode()).isEqualTo(1);
    }
}
