// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogReaderTest {
    private static final String WRONG = LogLines.server().line();

    static final String JSON = "{\"start_time\":\"2026-11-22T20:00:00.123Z\",\"method\":\"GET\",\"path\":\"/wrong\","
            + "\"protocol\":\"HTTP/1.1\",\"response_code\":502,\"response_flags\":\"UPE\",\"response_code_details\":"
            + "\"upstream_reset_before_response_started{protocol_error}\",\"bytes_sent\":87,\"duration\":3,"
            + "\"request_id\":\"id-1\",\"authority\":\"http-chunked:8080\",\"upstream_host\":\"10.244.0.7:8080\","
            + "\"upstream_cluster\":\"inbound|8080||\",\"upstream_service_time\":null,\"mine\":{\"a\":[1]}}";

    private final LogReader reader = new LogReader();

    @Test
    void envoysOwnFormatIsKnown() {
        var entry = entry(LogLines.server().line(LogFormat.ENVOY));
        assertThat(entry.flags()).containsExactly("UPE");
        assertThat(entry.text(LogField.UPSTREAM_HOST)).hasValue("10.244.0.7:8080");
        assertThat(entry.details()).isEmpty();
    }

    @Test
    void istiosFormatBeforeThereWereDetailsIsKnown() {
        var entry = entry(LogLines.server().terminated().bytes(87).line(LogFormat.OLD_ISTIO));
        assertThat(entry.flags()).containsExactly("UC");
        assertThat(entry.number(LogField.BYTES_SENT)).hasValue(87);
    }

    @Test
    void linesOfSeveralFormatsMayFollowEachOther() {
        for (var format : List.of(LogFormat.ENVOY, LogFormat.ISTIO, LogFormat.OLD_ISTIO, LogFormat.ENVOY)) {
            assertThat(entry(LogLines.server().line(format)).flags()).as(format).containsExactly("UPE");
        }
    }

    @Test
    void jsonIsReadByIstiosKeysInAnyOrderWithOthersBeside() {
        var entry = entry(JSON);
        assertThat(entry.status()).hasValue(502);
        assertThat(entry.text(LogField.UPSTREAM_CLUSTER)).hasValue("inbound|8080||");
        assertThat(entry.text(LogField.UPSTREAM_SERVICE_TIME)).isEmpty();
    }

    @Test
    void whatKubectlPutsBeforeALineNamesThePod() {
        var line = reader.read("[pod/http-chunked-0/istio-proxy] 2026-11-22T20:00:00.999999999Z " + WRONG);
        assertThat(line)
                .isInstanceOfSatisfying(
                        LogLine.Access.class,
                        access -> assertThat(access.source()).isEqualTo("http-chunked-0"));
        assertThat(reader.read("[pod/http-chunked-0/istio-proxy] " + JSON)).isInstanceOf(LogLine.Access.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[32mLINE\u001b[0m",
                "\uFEFFLINE",
                "2026-11-22T20:00:00.999999999+01:00 LINE",
                "2026-11-22T20:00:00.999999999Z stdout F LINE",
                "access.log:12:LINE",
                "envoy-1  | LINE",
                "Nov 22 20:00:00 node-1 envoy[714]: LINE",
            })
    void whatStandsAroundALineIsTakenOff(String around) {
        for (var line : List.of(WRONG, JSON)) {
            assertThat(entry(around.replace("LINE", line))).isEqualTo(entry(line));
        }
    }

    @Test
    void thePodIsReadFromWhatKubectlSternAndLogShippersWrite() {
        for (var around : List.of(
                "[pod/http-chunked-0/istio-proxy] LINE",
                "[pod/http-chunked-0/istio-proxy] 2026-11-22T20:00:00.999999999Z LINE",
                "http-chunked-0 istio-proxy LINE",
                "\u001b[38;5;30mhttp-chunked-0\u001b[0m \u001b[36mistio-proxy\u001b[0m LINE",
                "{\"kubernetes\":{\"labels\":{\"app\":\"a\"},\"pod_name\":\"http-chunked-0\"},\"log\":\"LINE\"}")) {
            for (var line : List.of(WRONG, JSON)) {
                var escaped = around.startsWith("{") ? inJson(line) : line;
                assertThat(reader.read(around.replace("LINE", escaped)))
                        .as(around)
                        .isEqualTo(new LogLine.Access(entry(line), "http-chunked-0"));
            }
        }
    }

    @Test
    void aLineIsFoundInWhatLogShippersWrapItInto() {
        for (var around : List.of(
                "{\"log\":\"LINE\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T20:00:00.999999999Z\"}",
                "{\"@timestamp\":1,\"path\":\"/var/log/x.log\",\"message\":\"LINE\"}",
                "{\"jsonPayload\":{\"message\":\"2026-11-22T20:00:00Z stdout F LINE\"}}")) {
            for (var line : List.of(WRONG, JSON)) {
                assertThat(entry(around.replace("LINE", inJson(line))))
                        .as(around)
                        .isEqualTo(entry(line));
            }
            assertThat(reader.read(around.replace("LINE", "ready")))
                    .isEqualTo(new LogLine.Foreign("the JSON has neither \"response_code\" nor \"response_flags\""));
        }
        assertThat(entry("{\"path\":\"/var/log/x.log\",\"log_processed\":" + JSON + "}"))
                .isEqualTo(entry(JSON));
    }

    @Test
    void theClientLoggersReasonIsFoundInJson() {
        var reason = new LogLine.Codec("unsupported transfer encoding");
        var message = "[Tags: \\\"ConnectionId\\\":\\\"4\\\"] Error dispatching received data: http/1.1 protocol error:"
                + " unsupported transfer encoding";
        assertThat(reader.read("{\"level\":\"debug\",\"scope\":\"envoy client\",\"msg\":\"" + message + "\"}"))
                .isEqualTo(reason);
    }

    @Test
    void aRequestThatNamesTheCodecsMessageIsARequest() {
        var line = WRONG.replace("curl/8.5.0", "client Error dispatching received data: x");
        assertThat(reader.read("[pod/http-chunked-0/istio-proxy] " + line)).isInstanceOf(LogLine.Access.class);
    }

    @Test
    void jsonWithKeysOfOnesOwnIsReadByItsFormat() {
        var json = JsonLogParser.of("{\"code\":\"%RESPONSE_CODE%\",\"why\":{\"flags\":\"%RESPONSE_FLAGS%\"},"
                        + "\"path\":\"%REQ(X-MINE)%\",\"both\":\"%PROTOCOL% %BYTES_SENT%\"}")
                .orElseThrow();
        assertThat(json.tellsFailures()).isTrue();
        assertThat(new LogReader(json)
                        .read("{\"both\":\"HTTP/1.1 87\",\"code\":502,\"path\":\"x\",\"why\":{\"flags\":\"UPE\"}}"))
                .isEqualTo(new LogLine.Access(
                        new AccessLogEntry(Map.of(LogField.RESPONSE_CODE, "502", LogField.RESPONSE_FLAGS, "UPE")), ""));
        assertThat(new LogReader(json).read("{\"response_code\":502}"))
                .isEqualTo(new LogLine.Foreign("the JSON has none of the format's keys for status and flags"));
        assertThat(new LogReader(json).read(WRONG)).isEqualTo(new LogLine.Foreign("it is not JSON, but --format is"));
        assertThat(JsonLogParser.of("{\"code\":\"%RESPONSE_TX_DURATION%\"}")
                        .orElseThrow()
                        .tellsFailures())
                .isFalse();
        assertThat(JsonLogParser.of("{%RESPONSE_CODE%}")).isEmpty();
    }

    @Test
    void aFormatOfOnesOwnIsUnwrappedTooAndItsMisfitIsTheOneSaid() {
        var own = new LogReader(LogFormat.of("code=%RESPONSE_CODE% flags=%RESPONSE_FLAGS%"));
        for (var line :
                List.of("2026-11-22T20:00:00.999999999Z code=502 flags=UPE", "{\"log\":\"code=502 flags=UPE\\n\"}")) {
            assertThat(own.read(line)).as(line).isInstanceOf(LogLine.Access.class);
        }
        for (var line : List.of("code=x flags=UPE {\"a\":1}", "code=x [2026-11-22T20:00:00Z]")) {
            assertThat(own.read(line))
                    .as(line)
                    .isEqualTo(new LogLine.Foreign("%RESPONSE_CODE% is missing or has an invalid value"));
        }
    }

    @Test
    void theClientLoggersReasonIsFoundAsEnvoyAndAsIstioWriteIt() {
        var reason = new LogLine.Codec("unsupported transfer encoding");
        assertThat(reader.read("[2026-11-22 20:00:00.123][15][debug][client] [source/common/http/codec_client.cc:169]"
                        + " [Tags: \"ConnectionId\":\"4\"] Error dispatching received data: http/1.1 protocol error:"
                        + " unsupported transfer encoding"))
                .isEqualTo(reason);
        assertThat(
                        reader.read(
                                "2026-11-22T20:00:00.123456Z\tdebug\tenvoy client"
                                        + " external/envoy/source/common/http/codec_client.cc:169\t[Tags: \"ConnectionId\":\"4\"] Error"
                                        + " dispatching received data: http/1.1 protocol error: unsupported transfer encoding\tthread=15"))
                .isEqualTo(reason);
    }

    @Test
    void aFormatOfOnesOwnIsReadByItsString() {
        var own = new LogReader(LogFormat.of("%RESPONSE_CODE%|%RESPONSE_FLAGS_LONG%|%REQ(X-MINE)%|%REQ(:PATH):50%\\n"));
        assertThat(own.read("502|UpstreamProtocolError|a b|/wrong"))
                .isInstanceOfSatisfying(LogLine.Access.class, access -> {
                    assertThat(access.entry().flags()).containsExactly("UpstreamProtocolError");
                    assertThat(access.entry().text(LogField.PATH)).hasValue("/wrong");
                });
    }

    @Test
    void aForeignLineSaysWhichFieldIsMissing() {
        assertThat(reader.read("127.0.0.1 - - [22/Nov/2026:20:00:00 +0000] \"GET / HTTP/1.1\" 200 12"))
                .isEqualTo(new LogLine.Foreign("expected \"[\" at the start"));
        assertThat(reader.read("{\"level\":\"info\"}"))
                .isEqualTo(new LogLine.Foreign("the JSON has neither \"response_code\" nor \"response_flags\""));
        assertThat(reader.read("{\"response_code\":5")).isInstanceOf(LogLine.Foreign.class);
        assertThat(reader.read("x".repeat(70_000))).isEqualTo(new LogLine.Foreign("it is longer than 64 KiB"));
    }

    @Test
    void aCleanLineIsKnownWithoutReadingItAlsoBehindAPrefix() {
        var fine = LogLines.server().passedOn(200).line();
        for (var prefix : List.of("", "[pod/http-chunked-0/istio-proxy] ", "2026-11-22T20:00:00Z stdout F ")) {
            assertThat(isClean(prefix + fine)).as(prefix).isTrue();
            assertThat(isClean(prefix + WRONG)).as(prefix).isFalse();
            assertThat(isClean(prefix + fine.replace("200 -", "200 DC")))
                    .as(prefix)
                    .isFalse();
        }
        for (int length = 0; length < fine.length() - 60; length++) {
            assertThat(isClean(fine.substring(fine.length() - length))).isFalse();
        }
    }

    @Test
    void cleanJsonIsKnownWithoutReadingItAlsoInAShippersString() {
        var fine = JSON.replace("502", "200")
                .replace("UPE", "-")
                .replace("upstream_reset_before_response_started{protocol_error}", "via_upstream");
        for (var wrapped : List.of("%s", "{\"log\":\"%s\\n\",\"stream\":\"stdout\"}", "{\"a\":{\"b\":%s}} ")) {
            boolean string = wrapped.contains("\"%s");
            for (var spelled : List.of(fine, fine.replace(":200", ":\"200\""), fine.replace("\":", "\": "))) {
                var line = wrapped.formatted(string ? spelled.replace("\"", "\\\"") : spelled);
                assertThat(isClean(line)).as(line).isTrue();
                assertThat(reader.read(line))
                        .isInstanceOfSatisfying(
                                LogLine.Access.class,
                                access -> assertThat(LoggedExchange.of(access.entry())
                                                .failed())
                                        .isFalse());
                for (var odd : List.of(
                        line.replace("200", "502"),
                        line.replace("200", "20"),
                        line.replace("200", "2000"),
                        line.replace("via_upstream", "via_upstreams"),
                        line.replace("response_flags", "response_flag"),
                        line.replace("response_code_details", "details"),
                        line.replaceFirst("-(\\\\?\")", "DC$1"),
                        line.substring(0, line.lastIndexOf("_")),
                        "x" + line)) {
                    assertThat(isClean(odd)).as(odd).isFalse();
                }
            }
            assertThat(isClean(wrapped.formatted(string ? JSON.replace("\"", "\\\"") : JSON)))
                    .isFalse();
        }
        assertThat(isClean("{}")).isFalse();
        assertThat(isClean("{")).isFalse();
        assertThat(isClean("")).isFalse();
        assertThat(new LogReader(JsonLogParser.of("{\"response_code\":\"%RESPONSE_CODE%\"}")
                                .orElseThrow())
                        .isClean(fine.getBytes(StandardCharsets.UTF_8), 0, fine.length()))
                .isFalse();
    }

    private boolean isClean(String line) {
        var bytes = line.getBytes(StandardCharsets.UTF_8);
        return reader.isClean(bytes, 0, bytes.length);
    }

    @Test
    void noMutationOfALineMakesAReaderFail() {
        var random = new Random(8);
        for (var original : new String[] {WRONG, JSON}) {
            for (int i = 0; i < 5_000; i++) {
                var mutated = new StringBuilder(original);
                for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                    int at = random.nextInt(mutated.length());
                    switch (random.nextInt(3)) {
                        case 0 -> mutated.deleteCharAt(at);
                        case 1 -> mutated.insert(at, "\" [{%\\".charAt(random.nextInt(6)));
                        default -> mutated.setCharAt(at, (char) random.nextInt(0x180));
                    }
                }
                assertThat(reader.read(mutated.toString())).isNotNull();
            }
        }
    }

    private static String inJson(String line) {
        return line.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private AccessLogEntry entry(String line) {
        var read = reader.read(line);
        assertThat(read).as(line).isInstanceOf(LogLine.Access.class);
        return ((LogLine.Access) read).entry();
    }
}
