// SPDX-License-Identifier: Apache-2.0
package upstreamreset.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import upstreamreset.protocol.Recognition.Kind;

class RecognitionTest {
    private static final String HELLO = "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000";
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\n\r\n";

    @TestFactory
    List<DynamicTest> aProtocolIsKnownByItsName() {
        return Conversations.all().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.name() + " " + each.turns().getFirst().strip(), () -> {
                            var recognised = Recognition.of(each.client(), each.server(), true);
                            assertThat(recognised.kind()).isEqualTo(Kind.OTHER);
                            assertThat(recognised.name()).isEqualTo(each.name());
                        }))
                .toList();
    }

    @Test
    void anyTokenIsAMethod() {
        for (var method : List.of("GET", "RPC_IN_DATA", "get", "M-SEARCH", "X", "b!#$%&'*+-.^_`|~9")) {
            assertThat(kind(method + " /a b HTTP/1.1\r\nHost: a\r\n", "")).isEqualTo(Kind.HTTP1);
            assertThat(kind(method + " /a HTTP/1.0\n", "anything")).isEqualTo(Kind.HTTP1);
            assertThat(kind("\r\n" + method + " * http/1.1\r\n", "")).isEqualTo(Kind.HTTP1);
        }
        for (var other :
                List.of("GE(T / HTTP/1.1\r\n", " / HTTP/1.1\r\n", "GET HTTP/1.1\r\n", "GET / HTTP/1.1 x\r\n")) {
            assertThat(kind(other, "binary")).as(other).isNotEqualTo(Kind.HTTP1);
        }
    }

    @Test
    void aRequestLineThatHasNotEndedIsUndecidedUntilTheServerAnswers() {
        assertThat(kind("GET /lo", "")).isEqualTo(Kind.UNDECIDED);
        assertThat(kind("GET /lo", "HTT")).isEqualTo(Kind.UNDECIDED);
        assertThat(kind("GET /lo", OK)).isEqualTo(Kind.HTTP1);
        assertThat(kind("GET /" + "a".repeat(FirstBytes.MAX_BYTES), "")).isEqualTo(Kind.UNDECIDED);
        assertThat(Recognition.of(FirstBytes.of("GET /" + "a".repeat(FirstBytes.MAX_BYTES)), FirstBytes.of(""), true)
                        .kind())
                .isEqualTo(Kind.HTTP1);
    }

    @Test
    void aServerThatAnswersInHttp1SaysWhatTheClientGotWrong() {
        assertThat(kind(HELLO, "")).isEqualTo(Kind.UNDECIDED);
        assertThat(kind(HELLO, OK)).isEqualTo(Kind.TLS_TO_HTTP1);
        assertThat(kind(PREFACE, "")).isEqualTo(Kind.UNDECIDED);
        assertThat(kind(PREFACE, OK)).isEqualTo(Kind.HTTP2_TO_HTTP1);
        assertThat(kind("\u0001\u0002garbage\r\n\r\n", OK)).isEqualTo(Kind.UNREADABLE_REQUEST);
        assertThat(kind("GET /\r\n", OK)).isEqualTo(Kind.UNREADABLE_REQUEST);
        assertThat(kind("EHLO a\r\n", OK)).isEqualTo(Kind.UNREADABLE_REQUEST);
        assertThat(kind("", OK)).isEqualTo(Kind.HTTP1);
    }

    @Test
    void http2IsAnsweredInHttp2OrInTls() {
        assertThat(kind(PREFACE, "\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000"))
                .isEqualTo(Kind.HTTP2);
        assertThat(kind(PREFACE, "\u0015\u0003\u0003\u0000\u0002\u0002F")).isEqualTo(Kind.UNREADABLE_REQUEST);
    }

    @Test
    void preamblesAreMeasured() {
        assertPreamble("PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n", "");
        assertPreamble("PROXY UNKNOWN\r\n", "");
        assertPreamble("\r\n\r\n\u0000\r\nQUIT\n!\u0011\u0000\u000cabcdefghijkl", "");
        assertPreamble("\r\n\r\n\u0000\r\nQUIT\n \u0000\u0000\u0000", "");
        assertPreamble("\u0004\u0001\u0000P\n\u0000\u0000\u0001me\u0000", "\u0000ZPPPPPP");
        assertPreamble("\u0004\u0001\u0000P\u0000\u0000\u0000\u0001me\u0000a.example\u0000", "\u0000ZPPPPPP");
        assertPreamble(
                "\u0005\u0001\u0000\u0005\u0001\u0000\u0001abcd\u0000P",
                "\u0005\u0000\u0005\u0000\u0000\u0001abcd\u0000P");
        assertPreamble(
                "\u0005\u0002\u0000\u0002\u0001\u0002me\u0003pwd\u0005\u0001\u0000\u0003\u0001a\u0000P",
                "\u0005\u0002\u0001\u0000\u0005\u0000\u0000\u0004abcdefghijklmnop\u0000P");
    }

    /** Each of its parts is not enough, and what follows belongs to the conversation. */
    private static void assertPreamble(String client, String server) {
        var whole = Recognition.of(FirstBytes.of(client + "GET"), FirstBytes.of(server + "HTTP"), false);
        assertThat(whole).isEqualTo(new Recognition(Kind.PREAMBLE, "", client.length(), server.length()));
        for (int end = 0; end < client.length(); end++) {
            assertThat(kind(client.substring(0, end), server.isEmpty() ? "" : server.substring(0, 1)))
                    .as("%d bytes of %s", end, client)
                    .isEqualTo(Kind.UNDECIDED);
        }
        for (int end = 0; end < server.length(); end++) {
            assertThat(kind(client, server.substring(0, end))).isEqualTo(Kind.UNDECIDED);
        }
    }

    @Test
    void noBytesMakeItFail() {
        var random = new Random(17);
        var beginnings = Conversations.all();
        for (int round = 0; round < 20_000; round++) {
            var client = new FirstBytes();
            var server = new FirstBytes();
            mix(random, beginnings, client);
            mix(random, beginnings, server);
            assertThat(Recognition.of(client, server, true).kind()).isNotEqualTo(Kind.UNDECIDED);
            Recognition.of(client, server, false);
        }
    }

    private static void mix(Random random, List<Conversations.Conversation> beginnings, FirstBytes into) {
        var turns = beginnings.get(random.nextInt(beginnings.size())).turns();
        var bytes = FirstBytes.of(turns.get(random.nextInt(turns.size())));
        var edited = Arrays.copyOf(bytes.bytes(), random.nextInt(bytes.length() + 1));
        for (int edits = random.nextInt(4); edits > 0 && edited.length > 0; edits--) {
            edited[random.nextInt(edited.length)] = (byte) random.nextInt(256);
        }
        into.add(edited, 0, edited.length);
    }

    private static Kind kind(String client, String server) {
        return Recognition.of(FirstBytes.of(client), FirstBytes.of(server), false)
                .kind();
    }
}
