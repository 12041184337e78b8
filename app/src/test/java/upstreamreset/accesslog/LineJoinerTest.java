// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that are one request only together are read together; others do not disturb each other. */
class LineJoinerTest {
    private static final String TEXT = LogLines.server().line();
    private static final String JSON = LogReaderTest.JSON;
    private static final String KEYS =
            "[05/12/2019T16:14:53+0000 1575562493] method=GET authority=web:8080 request=/wrong"
                    + " response_flag=UPE status=502 status_details=upstream_reset_before_response_started{protocol_error}"
                    + " request_size=84 upstream=127.0.0.1:7000";
    private static final String SHIPPED = "{\"log\":\"" + TEXT.replace("\"", "\\\"")
            + "\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T20:00:00Z\"}";

    enum Wrapping {
        AT_A_WIDTH,
        AT_A_WIDTH_WITHOUT_THE_BLANK,
        AT_BLANKS;

        String of(String line, int width) {
            return switch (this) {
                case AT_A_WIDTH -> hard(line, width);
                case AT_A_WIDTH_WITHOUT_THE_BLANK -> hard(line, width).replaceAll("(?m) +$", "");
                case AT_BLANKS -> soft(line, width);
            };
        }
    }

    static Stream<Arguments> debugLines() {
        return Stream.of(
                        "2026-11-22T20:00:00.123456Z\tdebug\tenvoy client external/envoy/source/common/http/codec_client.cc:142"
                                + "\t[Tags: \"ConnectionId\":\"5\"] Error dispatching received data: http/1.1 protocol error:"
                                + " unsupported transfer encoding\tthread=23",
                        "2026-11-22T20:00:00.123456Z debug envoy client [C397141] Error dispatching received data:"
                                + " http/1.1 protocol error: unsupported transfer encoding",
                        "[2026-11-22 20:00:00.123][15][debug][client] [source/common/http/codec_client.cc:142] [Tags:"
                                + " \"ConnectionId\":\"5\"] Error dispatching received data: http/1.1 protocol error:"
                                + " unsupported transfer encoding")
                .flatMap(line -> Stream.of(60, 72, 80, 100, 120, 132, 150, 160)
                        .filter(width -> width < line.length())
                        .flatMap(width -> Arrays.stream(Wrapping.values())
                                .map(wrapping -> Arguments.of(line.replace('\t', ' '), width, wrapping))));
    }

    @ParameterizedTest
    @MethodSource("debugLines")
    void aWrappedLineOfTheCodecIsJoined(String line, int width, Wrapping wrapping) {
        var text = "before\n" + wrapping.of(line, width) + "\n\n" + TEXT;
        var read = new ArrayList<LogLine>();
        var joiner = new LineJoiner(
                new LogReader(),
                each -> !(each instanceof LogLine.Codec(String message))
                        || message.equals("unsupported transfer encoding"),
                (each, _, _) -> read.add(each));
        text.lines().forEach(each -> joiner.line(each, 1));
        joiner.end();
        assertThat(read)
                .filteredOn(each -> !(each instanceof LogLine.Foreign))
                .containsExactly(new LogLine.Codec("unsupported transfer encoding"), new LogReader().read(TEXT));
    }

    @Test
    void aMessageOfTheCodecThatNobodyKnowsIsReadAlone() {
        var read = new ArrayList<LogLine>();
        var joiner = new LineJoiner(
                new LogReader(), each -> !(each instanceof LogLine.Codec), (each, _, _) -> read.add(each));
        List.of(
                        "2026-11-22T20:00:00.123456Z debug envoy client [C3] Error dispatching received data: http/1.1 protocol error: NEW_WORDS",
                        "and what somebody wrote below it")
                .forEach(each -> joiner.line(each, 1));
        joiner.end();
        assertThat(read).contains(new LogLine.Codec("NEW_WORDS"));
    }

    static Stream<Arguments> wrapped() {
        return Map.of(
                        TEXT,
                        16,
                        JSON,
                        16,
                        KEYS,
                        60,
                        SHIPPED,
                        16,
                        "[pod/http-chunked-0/istio-proxy] " + TEXT,
                        40,
                        TEXT.replace("\"", "\\\""),
                        40)
                .entrySet()
                .stream()
                .flatMap(line -> Arrays.stream(Wrapping.values())
                        .map(wrapping -> Arguments.of(line.getKey(), line.getValue(), wrapping)));
    }

    @ParameterizedTest
    @MethodSource("wrapped")
    void aLineIsReadWhateverTheWidthAtWhichItWasWrapped(String line, int least, Wrapping wrapping) {
        for (int width = least; width <= 200; width += width < 60 ? 7 : 17) {
            var text = wrapping.of(line, width);
            for (int times = 1; times <= 2; times++) {
                assertThat(requests((text + "\n").repeat(times)))
                        .as("%d: %s", width, text)
                        .hasSize(times)
                        .allSatisfy(entry -> {
                            assertThat(entry.status()).hasValue(502);
                            assertThat(entry.flags()).containsExactly("UPE");
                            assertThat(entry.text(LogField.RESPONSE_CODE_DETAILS))
                                    .hasValue("upstream_reset_before_response_started{protocol_error}");
                        });
            }
        }
    }

    @Test
    void wrappedAndWholeLinesMayFollowEachOther() {
        var text = String.join(
                "\n", hard(TEXT, 80), TEXT, hard(JSON, 70), JSON, "noise", soft(TEXT, 90), KEYS, hard(TEXT, 120));
        assertThat(requests(text)).as(text).hasSize(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "[pod/http-chunked-0/istio-proxy] ", "envoy-1  | ", "> "})
    void jsonOverManyLinesIsOneRequest(String prefix) {
        var pretty = """
                {
                  "authority": "argocd.example.com",
                  "labels": {
                    "app": "web {",
                    "list": [
                      1,
                      2
                    ]
                  },
                  "response_code": 200,
                  "response_code_details": "upstream_reset_before_response_started{connection_termination}",
                  "response_flags": "UC",
                  "upstream_cluster": "outbound|443||argo-cd-argocd-server.argo.svc.cluster.local"
                }
                """.indent(prefix.isBlank() ? prefix.length() : 0);
        var text = prefix.isBlank() ? pretty : pretty.replaceAll("(?m)^(?=.)", prefix.replace("$", "\\$"));
        assertThat(requests(text + text))
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry.flags()).containsExactly("UC"))
                .allSatisfy(entry ->
                        assertThat(entry.text(LogField.UPSTREAM_CLUSTER)).isPresent());
    }

    @Test
    void theAnswersOfLogStoresAreTakenApart() {
        var escaped = TEXT.replace("\"", "\\\"");
        for (var answer : List.of(
                "{\"events\":[{\"timestamp\":1,\"message\":\"%s\"},{\"timestamp\":2,\"message\":\"%s\"}]}",
                "{\"status\":\"success\",\"data\":{\"result\":[{\"stream\":{\"app\":\"web\"},\"values\":[[\"1\",\"%s\"],[\"2\",\"%s\"]]}]}}",
                "{\"hits\":{\"hits\":[{\"_source\":{\"message\":\"%s\"}},{\"_source\":{\"message\":\"%s\"}}]}}",
                "[{\"textPayload\":\"%s\"},{\"textPayload\":\"%s\"}]",
                "[\n  {\n    \"textPayload\": \"%s\"\n  },\n  {\n    \"textPayload\": \"%s\"\n  }\n]",
                "{\n\"data\": [\n{\n\"attributes\": {\n\"message\": \"%s\"\n}\n},\n{\n\"attributes\": {\"message\": \"%s\"}\n}\n]\n}")) {
            assertThat(requests(answer.formatted(escaped, escaped))).as(answer).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status: 502\nresponse_flags: UPE\nresponse_code_details: DETAILS\nmethod: GET",
                "response_code\t502\nresponse_flags\tUPE\nresponse_code_details\tDETAILS\nauthority\tweb:8080",
                "authority   web:8080\nresponse_code   502\nresponse_flags   UPE\nresponse_code_details   DETAILS",
                "| authority | web:8080 |\n|---|---|\n| response_code | 502 |\n| response_flags | UPE |\n| response_code_details | DETAILS |",
                "authority\nweb:8080\nresponse_code\n502\nresponse_flags\nUPE\nresponse_code_details\nDETAILS",
                "start_time,method,path,response_code,response_flags,response_code_details\n2026-11-22T20:00:00Z,GET,/wrong,502,UPE,DETAILS",
                "method\tpath\tresponse_code\tresponse_flags\tresponse_code_details\nGET\t/wrong\t502\tUPE\tDETAILS",
                "\"method\",\"path\",\"response_code\",\"response_flags\",\"response_code_details\"\n\"GET\",\"/wrong\",\"502\",\"UPE\",\"DETAILS\"",
                "| method | path | response_code | response_flags | response_code_details |\n|---|---|---|---|---|\n| GET | /wrong | 502 | UPE | DETAILS |",
                "Response Code: 502\nResponse Flags: UPE\nResponse Code Details: DETAILS"
            })
    void aTableIsReadByItsNames(String table) {
        var text = table.replace("DETAILS", "upstream_reset_before_response_started{protocol_error}");
        assertThat(requests(text)).singleElement().satisfies(entry -> {
            assertThat(entry.status()).hasValue(502);
            assertThat(entry.flags()).containsExactly("UPE");
            assertThat(entry.details()).isPresent();
        });
    }

    @Test
    void linesThatBelongToNothingAreEachForeignWithTheirNumbers() {
        var seen = new ArrayList<String>();
        var joiner = new LineJoiner(
                new LogReader(),
                (line, number, _) -> seen.add(number + " " + line.getClass().getSimpleName()));
        int number = 1;
        for (var line : List.of("{", "noise", "[2026-11-22T20:00:00.1", "host: a", "noise", TEXT, "GET /x")) {
            joiner.line(line, number++);
        }
        joiner.end();
        assertThat(seen)
                .containsExactly(
                        "1 Foreign", "2 Foreign", "3 Foreign", "4 Foreign", "5 Foreign", "6 Access", "7 Foreign");
    }

    @Test
    void aWholeLineWaitsForNothing() {
        var seen = new ArrayList<LogLine>();
        var joiner = new LineJoiner(new LogReader(), (line, number, _) -> seen.add(line));
        joiner.line(TEXT, 1);
        joiner.line(JSON, 2);
        assertThat(seen).hasSize(2);
    }

    @Test
    void linesThatNeverEndCostNoMoreThanTheirLength() {
        var text = "{\"a\":\n".repeat(3_000) + "[2026-11-22T2\n".repeat(3_000) + "host: a\npath: /x\n".repeat(3_000);
        assertThat(requests(text)).isEmpty();
    }

    private static String hard(String line, int width) {
        return line.replaceAll("(.{" + width + "})(?=.)", "$1\n");
    }

    private static String soft(String line, int width) {
        return line.replaceAll("(.{1," + width + "})(?: |$)", "$1\n").stripTrailing();
    }

    private static List<AccessLogEntry> requests(String text) {
        var entries = new ArrayList<AccessLogEntry>();
        var joiner = new LineJoiner(new LogReader(), (line, number, _) -> {
            if (line instanceof LogLine.Access access) {
                entries.add(access.entry());
            }
        });
        long number = 0;
        for (var line : text.lines().toList()) {
            joiner.line(line, ++number);
        }
        joiner.end();
        return entries;
    }
}
