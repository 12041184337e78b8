// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever people made of a line, its status, flags and details are read as the proxy wrote them. */
class PastedLineTest {
    private static final String LINE = LogLines.server().terminated().line();
    private static final String DETAILS = "upstream_reset_before_response_started{connection_termination}";

    static Stream<String> shapes() {
        var bare = LINE.replaceFirst("^\\[[^]]*] ", "");
        return Stream.of(
                LINE,
                bare,
                LINE.substring(LINE.indexOf("/wrong")),
                LINE.substring(0, LINE.indexOf(" 95 ")),
                LINE.replace("\"", "\"\""),
                '"' + LINE.replace("\"", "\"\"") + '"',
                LINE.replace("\"", "\\\""),
                "\"log\": \"" + LINE.replace("\"", "\\\"") + "\\n\",",
                LINE.replace("\"", "\\\\\\\""),
                LINE.replaceAll("\"([^\"]*)\"", "\u201c$1\u201d"),
                LINE.replaceAll("\"([^\"]*)\"", "\u201e$1\u201c"),
                LINE.replaceAll("\"([^\"]*)\"", "\u00ab$1\u00bb"),
                LINE.replace(' ', '\u00a0'),
                LINE.replace(' ', '\t'),
                LINE.replace(" ", "  "),
                LINE.replace("503 UC", "**503 UC**"),
                LINE.replace("503 UC", "<b>503</b> <b>UC</b>"),
                "`" + LINE + "`",
                "> " + LINE,
                "- " + LINE,
                "| " + LINE + " |",
                LINE.replace("\"", "&quot;").replace("|", "&#124;"),
                LINE.replace("\"", "&#34;"),
                LINE.replace("503", "\u001b[31m503\u001b[0m"),
                "\u001b[36mhttp-chunked-0\u001b[0m \u001b[34mistio-proxy\u001b[0m " + LINE,
                LINE.replace("503", "^[[31m503^[[0m"),
                LINE.replace("503", "[31m503[0m"),
                "[pod/http-chunked-0/istio-proxy] " + LINE,
                "http-chunked-0 istio-proxy " + LINE,
                "http-chunked-0 › istio-proxy " + LINE,
                "envoy_1  | " + LINE,
                "envoy-1 | " + LINE,
                "Nov 22 20:00:00 node-1 envoy[4711]: " + LINE,
                "I1122 20:00:00.123456       1 log.go:12] " + LINE,
                "2026-11-22T20:00:00.123456789Z stdout F " + LINE,
                "ACCESS " + LINE,
                "istio-proxy: " + LINE,
                "12:" + LINE,
                LINE.replace("\"", ""),
                bare.replace("\"", ""),
                LINE.replace("\"", "'"));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void theLineIsRead(String shape) {
        var entry = entry(shape);
        assertThat(entry.status()).hasValue(503);
        assertThat(entry.flags()).containsExactly("UC");
        assertThat(entry.text(LogField.RESPONSE_CODE_DETAILS)).hasValue(DETAILS);
    }

    static Stream<String> keys() {
        return Stream.of(
                """
                {"responseCode":"503","responseFlags":"UC","responseCodeDetails":"%s"}""",
                """
                {"Response_Code":503,"RESPONSE-FLAGS":"UC","response.code.details":"%s"}""",
                """
                {"status":503,"flags":"UC","details":"%s"}""",
                """
                {"sc":503,"rf":"UC","rcd":"%s","mthd":"GET"}""",
                """
                {"line":{"rc":503,"rf":"UC","rcd":"%s"}}""",
                """
                {"status":503,"labels":{"response_flag":"UC","response_details":"%s"}}""",
                """
                {"response":{"code":503,"flags":"UC","code_details":"%s"}}""",
                """
                {"code":503,"response_flags":["UC"],"status_details":"%s"}""",
                """
                {"http":{"status_code":503},"envoy":{"response_flags":"UpstreamConnectionTermination","response_code_details":"%s"}}""",
                "response_code=503 response_flags=UC response_code_details=%s",
                "response_code=\"503\", response_flags=\"UC\", response_code_details=\"%s\"",
                "response_code: 503, response_flags: UC, response_code_details: %s",
                "method=GET status=503 resp_flags=UC status_details=%s",
                "level=info msg=access status=503 response_flag=UC response_details=%s path=/x",
                "responseCode:503,responseFlags:UC,responseCodeDetails:%s");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aKeyIsKnownWhateverItsSpelling(String line) {
        var entry = entry(line.formatted(DETAILS));
        assertThat(entry.status()).hasValue(503);
        assertThat(LoggedExchange.of(entry).flags()).containsExactly(ResponseFlag.UC);
        assertThat(entry.text(LogField.RESPONSE_CODE_DETAILS)).hasValue(DETAILS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-22T20:00:00.123456Z\tinfo\tads\tADS: new connection for node:http-chunked-0",
                "{\"level\":\"info\",\"msg\":\"listening\",\"status\":\"ok\",\"flags\":\"\",\"code\":200}",
                "{\"status\":503,\"path\":\"/x\",\"method\":\"GET\"}",
                "10.0.0.1 - - [22/Nov/2026:20:00:00 +0000] \"GET /x HTTP/1.1\" 503 190 \"-\" \"curl/8.5.0\"",
                "status=503 path=/x method=GET duration=3",
                "the answer was 503 and we do not know why",
                "level=error msg=\"LH of the lamp\" flag=UC",
                "[2026-11-22 20:00:00.123][15][info][main] [source/server/server.cc:858] starting main dispatch loop"
            })
    void aLineOfAnotherProgramIsForeign(String line) {
        assertThat(new LogReader().read(line)).isInstanceOf(LogLine.Foreign.class);
    }

    @Test
    void aCutThroughTheDetailsLeavesWhetherTheResponseHadStarted() {
        int details = LINE.indexOf(DETAILS);
        for (int at = details; at <= LINE.indexOf("before_response"); at++) {
            assertThat(entry(LINE.substring(at)).text(LogField.RESPONSE_CODE_DETAILS))
                    .as(LINE.substring(at))
                    .hasValue(DETAILS);
        }
    }

    @Test
    void aLineOfIstioBefore19IsReadWholeAndCut() {
        var old = "[2019-11-22T20:00:00.123Z] \"POST /a HTTP/2\" 200 UC \"-\" \"-\" 5 7 15000 - \"-\" \"grpc-go/1.60\""
                + " \"5737bac8-6b31-9c70-965f-c8579cc2b595\" \"web:8080\" \"10.1.1.1:8080\" inbound|8080|http|web.default.svc.cluster.local"
                + " - 10.1.1.1:8080 10.1.1.2:40012 -";
        for (var line :
                List.of(old, old + " default", old.substring(30), old.substring(0, old.indexOf(" - 10.1.1.1")))) {
            assertThat(entry(line).text(LogField.REQUEST_ID)).as(line).hasValue("5737bac8-6b31-9c70-965f-c8579cc2b595");
            assertThat(entry(line).text(LogField.BYTES_SENT)).hasValue("7");
            assertThat(entry(line).text(LogField.UPSTREAM_HOST)).hasValue("10.1.1.1:8080");
        }
    }

    @Test
    void theReaderSaysWhetherTheLineWasCut() {
        var reader = new LogReader();
        reader.read(LINE);
        assertThat(reader.wasCut()).isFalse();
        reader.read(LINE.substring(0, LINE.indexOf(" 95 ")));
        assertThat(reader.wasCut()).isTrue();
    }

    @Test
    void aWordThatTheCutMayHaveShortenedIsLeftOut() {
        var cut = LINE.substring(0, LINE.indexOf("10.244.0.7:8080") + 9);
        assertThat(entry(cut).text(LogField.UPSTREAM_HOST)).isEmpty();
        assertThat(entry(cut).text(LogField.AUTHORITY)).hasValue("http-chunked:8080");
    }

    @Test
    void anUnknownStatusIsNotZero() {
        var exchange = LoggedExchange.of(entry(LINE.substring(LINE.indexOf("UC upstream"))));
        assertThat(exchange.saysStatus()).isFalse();
        assertThat(exchange.hadNoResponse()).isFalse();
        assertThat(exchange.isTcp()).isFalse();
        assertThat(exchange.failed()).isTrue();
    }

    @Test
    void theRestOfTheRequestIsKeptToo() {
        for (var shape : List.of(LINE.replace("\"", "\"\""), LINE.replace("\"", "&quot;"), "> " + LINE)) {
            var entry = entry(shape);
            assertThat(entry.text(LogField.METHOD)).hasValue("GET");
            assertThat(entry.text(LogField.PATH)).hasValue("/wrong");
            assertThat(entry.text(LogField.UPSTREAM_CLUSTER)).hasValue("inbound|8080||");
            assertThat(entry.number(LogField.DURATION)).hasValue(3);
        }
    }

    @Test
    void aStringThatEndsBehindATimeIsNoLine() {
        for (var line : List.of("log \\\"flag\\\" [2026-11-22]\\n", "log \"\"flag\"\" [2026-11-22] ")) {
            assertThat(new LogReader().read(line)).as(line).isInstanceOf(LogLine.Foreign.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\tthread=23", "     thread=23", " thread=23", "\u00a0 thread=23"})
    void theThreadDoesNotBelongToTheCodecsMessage(String end) {
        var line =
                "2025-01-07T11:50:35.821500Z     debug   envoy client external/envoy/source/common/http/codec_client.cc:222"
                        + "      [Tags: \"ConnectionId\":\"48\"] Error dispatching received data: http/1.1 protocol error:"
                        + " INVALID_HEADER_FORMAT" + end;
        assertThat(new LogReader().read(line)).isEqualTo(new LogLine.Codec("INVALID_HEADER_FORMAT"));
    }

    private static AccessLogEntry entry(String line) {
        var read = new LogReader().read(line);
        assertThat(read).as(line).isInstanceOf(LogLine.Access.class);
        return ((LogLine.Access) read).entry();
    }
}
