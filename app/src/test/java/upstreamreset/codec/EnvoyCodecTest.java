// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.RequestContext;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

/** Single verdicts, each seen on a real Envoy; the differential test covers the rest. */
class EnvoyCodecTest {
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            Transfer-Encoding: Chunked & Transfer-Encoding: chunked | unsupported transfer encoding
            Transfer-Encoding: gzip, chunked                         | unsupported transfer encoding
            Transfer-Encoding: chunked & Content-Length: 5          | both 'Content-Length' and 'Transfer-Encoding' are set.
            Content-Length: 5 & Content-Length: 5                   | HPE_UNEXPECTED_CONTENT_LENGTH
            Content-Length: 5, 5                                     | UNPARSABLE_CONTENT_LENGTH
            X-Space : b                                              | INVALID_HEADER_NAME_CHARACTER
            no-colon                                                 | HEADER_MISSING_COLON
            : b                                                      | INVALID_HEADER_FORMAT
            X"Foo: b                                                 | HPE_INVALID_HEADER_TOKEN
            X-Nul: a{0}b                                              | header value contains invalid chars
            """)
    void aHeadThatEnvoyRefusesIsReplacedBy502(String fields, String message) {
        var head = fields.replace(" & ", "\r\n").replace("{0}", "\0");

        var verdict = judge("GET", "HTTP/1.1 200 OK\r\n" + head + "\r\n\r\nhello", CloseReason.FIN);

        assertThat(verdict)
                .isEqualTo(new Verdict(
                        Outcome.RESETS_BEFORE,
                        502,
                        "UPE",
                        "upstream_reset_before_response_started{protocol_error}",
                        message,
                        "1.40.0"));
    }

    @Test
    void aGoodResponsePasses() {
        assertThat(judge("GET", "HTTP/1.1 200 OK\r\n" + CHUNKED, CloseReason.OPEN))
                .isEqualTo(new Verdict(Outcome.PASSES, 200, "-", "via_upstream", "", "1.40.0"));
    }

    @Test
    void aChunkThatLiesCutsWhatTheClientAlreadyReads() {
        var verdict = judge("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", CloseReason.OPEN);

        assertThat(verdict.outcome()).isEqualTo(Outcome.RESETS_AFTER);
        assertThat(verdict.status()).isEqualTo(200);
        assertThat(verdict.message()).isEqualTo("HPE_INVALID_CHUNK_SIZE");
    }

    @Test
    void aConnectionThatClosesWithoutAByteIsUc() {
        assertThat(judge("GET", "", CloseReason.FIN).flags()).isEqualTo("UC");
        assertThat(judge("GET", "", CloseReason.OPEN).outcome()).isEqualTo(Outcome.HANGS);
    }

    @Test
    void aSecondEmptyTransferEncodingPassesTheChunkFramesAsBody() {
        var verdict = judge("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n" + CHUNKED, CloseReason.FIN);
        var other = judge(
                "GET",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n",
                CloseReason.FIN);

        assertThat(verdict.outcome()).isEqualTo(Outcome.PASSES);
        assertThat(other.outcome()).isEqualTo(Outcome.DAMAGED);
    }

    /** Whether the client gets the bytes as sent; the differential test compares that with a real Envoy. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Content-Length: 2 & X: a&rb && hi                                  | DAMAGED
            Content-Length: 2 & X: a & b && hi                                 | PASSES
            Content-Length: 2 & X:&ra&r && hi                                  | PASSES
            Content-Length: 2 & Keep-Alive: a&rb && hi                         | PASSES
            Transfer-Encoding: chunked && 4 & hello & 0 &&                     | DAMAGED
            Transfer-Encoding: chunked && 5 & hello&r & 0 &&                   | DAMAGED
            Transfer-Encoding: chunked & Transfer-Encoding: && 0 &&            | DAMAGED
            Transfer-Encoding: chunked & Transfer-Encoding: &&                 | PASSES
            Transfer-Encoding: chun&rked && 5 & hello & 0 &&                   | PASSES
            """)
    void whatArrivesOtherwiseThanItWasSentIsDamaged(String response, Outcome outcome) {
        var head = response.replace("&r", "\r")
                .replace(" && ", "\r\n\r\n")
                .replace(" &&", "\r\n\r\n")
                .replace(" & b", "\r\n b")
                .replace(" & ", "\r\n");

        assertThat(judge("GET", "HTTP/1.1 200 OK\r\n" + head, CloseReason.FIN).outcome())
                .isEqualTo(outcome);
    }

    @Test
    void theVersionDecidesHowTwoUnreadableLengthsAreRefused() {
        var response = Bytes.latin1("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\nContent-Length: 2x\r\n\r\n");

        assertThat(OneSegment.judge("1.36.2", "GET", response.toArray(), CloseReason.OPEN)
                        .message())
                .isEqualTo("UNPARSABLE_CONTENT_LENGTH");
        assertThat(OneSegment.judge("1.40.0", "GET", response.toArray(), CloseReason.OPEN)
                        .message())
                .isEqualTo("HPE_UNEXPECTED_CONTENT_LENGTH");
    }

    private static final String SWITCH =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    /** The model once disagreed with a real Envoy on each of these. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            101 & Connection: Upgrade & Upgrade: websocket && any bytes     | resets-after 101 UC upstream_reset_after_response_started{connection_termination}
            101 & Connection: Upgrade & Upgrade: && hello                    | resets-after 101 UC upstream_reset_after_response_started{connection_termination}
            101 && hello                                                     | passes 101 - via_upstream: extraneous data after response complete
            200 && hello                                                     | damaged 200 - websocket_handshake_unsuccessful
            200 & Content-Length: 10 && hello                                | damaged 200 - websocket_handshake_unsuccessful
            304 && hello                                                     | passes 304 - websocket_handshake_unsuccessful: extraneous data after response complete
            304 & Content-Length: 5 &&                                       | damaged 304 - websocket_handshake_unsuccessful
            304 & Content-Length:{r} &&                                       | passes 304 - websocket_handshake_unsuccessful
            304 & Connection: Upgrade & Upgrade: x & Content-Length: 0 &&    | passes 304 - websocket_handshake_unsuccessful
            304 & Connection: Upgrade & Upgrade: x & Content-Length: 5 &&    | damaged 304 - websocket_handshake_unsuccessful
            204 & Content-Type: text/plain &&                                | damaged 204 - websocket_handshake_unsuccessful
            204 & Content-Length: 0 &&                                       | passes 204 - websocket_handshake_unsuccessful
            426 & Content-Length: 5 && hello                                 | passes 426 - via_upstream
            400 & Connection: Upgrade & Upgrade: websocket && hello          | resets-after 400 UC upstream_reset_after_response_started{connection_termination}
            100 & Connection: Upgrade & Upgrade: x && HTTP/1.1 200 OK &&     | resets-before 503 UC upstream_reset_after_response_started{connection_termination}
            200 & Transfer-Encoding: chunked && 0{n}                          | passes 200 - websocket_handshake_unsuccessful: INVALID_CHUNK_EXTENSION
            200 & Transfer-Encoding: chunked && 5{n}                          | passes 200 - websocket_handshake_unsuccessful: INVALID_CHUNK_EXTENSION
            200 & Transfer-Encoding: chunked && 5{n}h                         | damaged 200 - websocket_handshake_unsuccessful: INVALID_CHUNK_EXTENSION
            150 && HTTP/1.1 101 S & Transfer-Encoding: chunked && hello      | damaged 150 - websocket_handshake_unsuccessful: extraneous data after response complete
            """)
    void whatAnswersARequestForAWebsocket(String response, String expected) {
        assertThat(words(new RequestContext("GET", true), response)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            200 & Content-Length: 5 && hello                                 | resets-after 200 UC upstream_reset_after_response_started{connection_termination}
            204 && hello                                                     | resets-after 204 UC upstream_reset_after_response_started{connection_termination}
            503 && until the end                                             | resets-after 503 UC upstream_reset_after_response_started{connection_termination}
            503 & Content-Length: 5 && hello                                 | passes 503 - via_upstream
            404 & X-Cut                                                      | resets-before 503 UC upstream_reset_before_response_started{connection_termination}
            200 & Transfer-Encoding: gzip && hello                           | resets-before 502 UPE upstream_reset_before_response_started{protocol_error}: unsupported transfer encoding
            """)
    void whatAnswersConnect(String response, String expected) {
        assertThat(words(RequestContext.of("CONNECT"), response)).isEqualTo(expected);
    }

    /** Envoy removes {@code Upgrade: h2c}, which Java's client and curl send, so the upstream is not asked for it. */
    @Test
    void whatAnswersARequestForHttp2InPlainTextIsAPlainResponse() {
        assertThat(words(new RequestContext("GET", true, true), "200 & Content-Length: 5 && hello"))
                .isEqualTo("passes 200 - via_upstream");
    }

    @Test
    void aTunnelThatStaysOpenHangsForTheLog() {
        var codec = new EnvoyCodec("1.40.0", new RequestContext("GET", true));
        var bytes = (SWITCH + "HTTP/1.1 200 OK\r\nX : y\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length; i++) {
            codec.dispatch(bytes, i, 1);
        }

        assertThat(codec.verdict(CloseReason.OPEN)).isEqualTo(new Verdict(Outcome.HANGS, 101, "-", "", "", "1.40.0"));
    }

    private static String words(RequestContext request, String response) {
        var bytes = ("HTTP/1.1 "
                        + response.replace(" && ", "\r\n\r\n")
                                .replace(" &&", "\r\n\r\n")
                                .replace(" & ", "\r\n")
                                .replace("{n}", "\n")
                                .replace("{r}", "\r"))
                .getBytes(StandardCharsets.ISO_8859_1);
        var codec = new EnvoyCodec("1.40.0", request);
        codec.dispatch(bytes, 0, bytes.length);
        var verdict = codec.verdict(CloseReason.FIN);
        var words =
                "%s %d %s %s".formatted(verdict.outcome().text(), verdict.status(), verdict.flags(), verdict.details());
        return verdict.message().isEmpty() ? words : words + ": " + verdict.message();
    }

    private static Verdict judge(String method, String response, CloseReason closedBy) {
        return OneSegment.judge("1.40.0", method, response.getBytes(StandardCharsets.ISO_8859_1), closedBy);
    }
}
