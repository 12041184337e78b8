// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs that are not as one would wish: rotated, begun anew, in a format of somebody's own; and levels that are not. */
class DiagnoseLogTest extends DiagnoseFixture {
    /** How long ago the container was started, and how often before. */
    private void started(int minutes, int restarts) {
        var pod = cluster.pod();
        cluster.objects.put(
                POD,
                pod.replace(
                        "\"status\": {",
                        "\"status\": {\"initContainerStatuses\": [{\"name\": \"istio-proxy\", \"restartCount\": %d, \"state\": {\"running\": {\"startedAt\": \"%s\"}}}], "
                                .formatted(restarts, ago(minutes))));
    }

    private static Instant ago(int minutes) {
        return Instant.now().minus(minutes, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS);
    }

    @Test
    void aRotatedLogIsSaidToReachLessFar() throws IOException {
        started(60, 0);
        var begin = ago(5);
        cluster.logBegins = begin.plusMillis(123).toString();
        cluster.log.add(FakeCluster.line("/b", "200 - via_upstream", "2"));

        var result = run();

        assertThat(result.output())
                .startsWith("no failure in the log, as far as it could be read")
                .contains("1 request, 0 failed; it reaches back to " + begin + " only, for it was rotated");
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void aLogThatBeginsWithItsContainerOrBeforeTheTimeAskedForIsWhole() throws IOException {
        started(5, 0);
        cluster.logBegins = ago(5).plusMillis(123).toString();
        cluster.log.add(FakeCluster.line("/b", "200 - via_upstream", "2"));
        assertThat(run().output()).doesNotContain("reaches back");

        cluster.logBegins = ago(4).toString();
        assertThat(run("--since", "2m").output()).doesNotContain("reaches back");
    }

    @ParameterizedTest
    @ValueSource(ints = {-60, 60})
    void theClocksOfNodeAndApiServerNeedNotAgree(int minutes) throws IOException {
        cluster.nodeAhead = Duration.ofMinutes(minutes);
        started(60 - minutes, 0);
        cluster.logBegins = ago(40 - minutes).plusMillis(123).toString();

        var result = run("/x");

        assertThat(result.output())
                .startsWith("GET /x is answered well, past the sidecar and through it")
                .doesNotContain("reaches back", "access log");
        assertThat(result.exitCode()).isEqualTo(0);
    }

    @Test
    void whatWasBeforeARestartIsInThePreviousLog() throws IOException {
        started(5, 2);
        cluster.logBegins = ago(5).plusMillis(123).toString();

        assertThat(run().output())
                .contains(
                        "only, when its container was started again; 'kubectl -n shop logs cart-0 -c istio-proxy --previous'");
    }

    private static String listeners(String format) {
        return "{\"configs\": [{\"active_state\": {\"listener\": {\"access_log\": [{\"name\": \"envoy.access_loggers.file\", \"typed_config\":"
                + " {\"path\": \"/dev/stdout\", \"log_format\": " + format + "}}]}}}]}";
    }

    @Test
    void aFormatOfOnesOwnIsTakenFromTheProxysConfiguration() throws IOException {
        cluster.listeners = listeners(
                "{\"text_format_source\": {\"inline_string\": \"%RESPONSE_CODE%|%RESPONSE_FLAGS%|%RESPONSE_CODE_DETAILS%|%REQ(:METHOD)%|%REQ(:PATH)%|%UPSTREAM_CLUSTER%\\n\"}}");
        cluster.log.add("502|UPE|upstream_reset_before_response_started{protocol_error}|GET|/own|inbound|8080||");

        assertThat(run().output()).contains("1 × " + REFUSED + "   GET /own");
    }

    @Test
    void keysOfOnesOwnAreTakenFromTheProxysConfiguration() throws IOException {
        cluster.listeners = listeners(
                "{\"json_format\": {\"st\": \"%RESPONSE_CODE%\", \"fl\": \"%RESPONSE_FLAGS%\", \"de\": \"%RESPONSE_CODE_DETAILS%\", \"me\": \"%REQ(:METHOD)%\", \"pa\": \"%REQ(:PATH)%\"}}");
        cluster.log.add(
                "{\"st\":502,\"fl\":\"UPE\",\"de\":\"upstream_reset_before_response_started{protocol_error}\",\"me\":\"GET\",\"pa\":\"/own\"}");

        assertThat(run().output()).contains("1 × " + REFUSED + "   GET /own");
    }

    @Test
    void theProxysConfigurationIsAskedForOnce() throws IOException {
        assertThat(run().output()).contains("its access log is off");

        assertThat(cluster.admin)
                .filteredOn(each -> each.startsWith("/config_dump"))
                .hasSize(1);
    }

    @Test
    void anAccessLogThatGoesElsewhereIsSaidSo() throws IOException {
        cluster.listeners = "{\"configs\": [{\"access_log\": [{\"name\": \"envoy.access_loggers.open_telemetry\"}]}]}";

        assertThat(run().output()).contains("its access log goes elsewhere (OpenTelemetry)");
    }

    @Test
    void anOldEnvoyTakesOneLoggerAtATime() throws IOException {
        cluster.oldEnvoy = true;
        cluster.envoy = "1.22.0";

        var result = run("/x", "--codec-log=fields", "--yes");

        assertThat(cluster.admin).contains("/logging?client=debug", "/logging?http=trace");
        assertThat(cluster.levels).containsEntry("client", "warning").containsEntry("http", "warning");
        assertThat(result.errors())
                .contains("pilot-agent request POST 'logging?client=warning' && kubectl -n shop exec");
    }

    @Test
    void fineGrainLoggersAreFiles() throws IOException {
        cluster.levels.clear();
        cluster.levels.put("source/common/http/codec_client.cc", "warning");
        cluster.levels.put("source/common/http/conn_manager_impl.cc", "warning");

        run("/x", "--codec-log");

        assertThat(cluster.admin).contains("/logging?paths=source/common/http/codec_client.cc:debug");
        assertThat(cluster.levels).containsEntry("source/common/http/codec_client.cc", "warning");
    }

    /** Envoy drops all other levels of files when one is set. */
    @Test
    void fineGrainLevelsOfSomebodyElseAreNotUndone() throws IOException {
        cluster.levels.clear();
        cluster.levels.put("source/common/http/codec_client.cc", "warning");
        cluster.levels.put("source/common/router/router.cc", "debug");

        var result = run("/x", "--codec-log");

        assertThat(result.output()).contains("its log could not be raised: its Envoy logs fine-grain");
        assertThat(cluster.admin).noneMatch(each -> each.startsWith("/logging?"));
    }
}
