// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class RequestReaderTest {
    private static final String GET = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

    /** A longer fixture takes seconds if it is read once for each of its offsets. */
    private static final int SHORT = 10_000;

    static final List<String> FIXTURES = List.of(
            "",
            GET,
            GET + GET + GET,
            "\r\n\n" + GET,
            "GET /bare HTTP/1.1\nHost: h\n\n" + GET,
            "POST /p HTTP/1.1\r\nContent-Length: 31\r\n\r\nGET /no HTTP/1.1\r\nHost: no\r\n\r\n!" + GET,
            "POST /p HTTP/1.1\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\nhi" + GET,
            "POST /p HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\nContent-Length: 3\r\n\r\n5;x\r\nhello\r\n0\r\nX-T: 1\r\n\r\n"
                    + GET,
            "POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n" + GET,
            "POST /p HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\nhello",
            "POST /p HTTP/1.1\r\nContent-Length: 1x\r\n\r\nhello",
            "POST /p HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhello",
            "CONNECT h:1 HTTP/1.1\r\n\r\n\26\3\1\0\5hello",
            "GET /w HTTP/1.1\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n\201\5hello",
            "\26\3\1\2\0\1\0\1\374\3\3\n\n",
            "no request\r\n\r\n",
            "GET \r\n\r\n",
            "X: y\r\n" + "a".repeat(RequestReader.MAX_HEAD));

    @Test
    void requestsFollowEachOtherOnOneConnection() {
        assertThat(read(String.join("", FIXTURES.subList(1, 6))))
                .extracting(RequestReaderTest::words)
                .containsExactly(
                        "GET /a", "GET /a", "GET /a", "GET /a", "GET /a", "GET /bare", "GET /a", "POST /p", "GET /a");
    }

    @ParameterizedTest
    @FieldSource("FIXTURES")
    void anySegmentationGivesTheSameRequests(String fixture) {
        // A lost reader begins again with a segment, so that what it finds then depends on the segmentation.
        if (lost(fixture)) {
            return;
        }
        var bytes = bytes(fixture);
        var whole = read(bytes, bytes.length);
        var random = new Random(1);

        assertThat(read(bytes, 1)).isEqualTo(whole);
        for (int i = 0; i < 20; i++) {
            assertThat(read(bytes, 1 + random.nextInt(9))).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @FieldSource("FIXTURES")
    void aCutAtAnyOffsetHidesWhatComesLaterAndNothingElse(String fixture) {
        var bytes = bytes(fixture);
        var whole = read(bytes, Math.max(1, bytes.length));

        var reader = new RequestReader();
        var heard = new ArrayList<Heard>();
        for (int cut = 0; cut < bytes.length; cut++) {
            if (bytes.length < SHORT) {
                var part = read(bytes, cut, Math.max(1, cut));
                assertThat(part).as("one segment, cut at %d", cut).isEqualTo(whole.subList(0, part.size()));
            }
            hear(reader, bytes, cut, cut + 1, heard);
            assertThat(heard).as("byte by byte, cut at %d", cut + 1).isEqualTo(whole.subList(0, heard.size()));
        }
        assertThat(heard.size() == whole.size() || lost(fixture)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Content-Length: 0                             | true  | none
            Content-Length: 5                             | true  | content-length 5
            Content-Length: 5 & Content-Length: 5         | true  | content-length 5
            Content-Length: 5 & Content-Length: 6         | false | unknown
            Content-Length: 0x5                           | false | unknown
            Transfer-Encoding: chunked                    | true  | chunked
            Transfer-Encoding: gzip & Transfer-Encoding: Chunked | true  | chunked
            Transfer-Encoding: chunked, gzip              | false | unknown
            """)
    void theFieldsSayWhereTheBodyEnds(String fields, boolean clear, String framing) {
        var reader = new RequestReader();
        var bytes = bytes("POST / HTTP/1.1\r\n" + fields.replace(" & ", "\r\n") + "\r\n\r\n");

        reader.feed(bytes, 0, bytes.length);

        assertThat(reader.head().orElseThrow().framing().text()).isEqualTo(framing);
        assertThat(reader.lost()).isEqualTo(!clear);
    }

    @Test
    void whatDecidesTheResponseIsKnown() {
        assertThat(read("HEAD / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"))
                .containsExactly(new Heard("/", RequestContext.of("HEAD")));
        assertThat(read(FIXTURES.get(13)).getFirst()).isEqualTo(new Heard("/w", new RequestContext("GET", true)));
        assertThat(read(FIXTURES.get(12)).getFirst()).isEqualTo(new Heard("h:1", RequestContext.of("CONNECT")));
    }

    @Test
    void bytesOfATunnelAreNoRequests() {
        var reader = new RequestReader();
        reader.tunnel();

        assertThat(reader.feed(bytes(GET), 0, GET.length())).isEqualTo(GET.length());
        assertThat(reader.head()).isEmpty();
    }

    @Test
    void aGapInABodyIsCountedAndAnotherOneIsWaitedOut() {
        var reader = new RequestReader();
        var post = bytes("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n");
        reader.feed(post, 0, post.length);
        reader.skip(9);
        assertThat(reader.lost() || reader.inBody()).isFalse();

        reader.skip(1);
        assertThat(reader.lost()).isTrue();
        reader.feed(bytes("half a line\r\n\r\n"), 0, 15);
        assertThat(reader.lost()).isTrue();
        reader.feed(bytes(GET), 0, GET.length());
        assertThat(reader.head()).isPresent();
    }

    private record Heard(String target, RequestContext context) {}

    private static String words(Heard heard) {
        return heard.context().method() + " " + heard.target();
    }

    private static boolean lost(String fixture) {
        var reader = new RequestReader();
        var bytes = bytes(fixture);
        for (int at = 0; at < bytes.length && !reader.lost(); ) {
            at += reader.feed(bytes, at, bytes.length);
        }
        return reader.lost();
    }

    private static List<Heard> read(String text) {
        return read(bytes(text), text.length());
    }

    private static List<Heard> read(byte[] bytes, int step) {
        return read(bytes, bytes.length, step);
    }

    private static List<Heard> read(byte[] bytes, int length, int step) {
        var reader = new RequestReader();
        var heard = new ArrayList<Heard>();
        for (int from = 0; from < length; from += step) {
            hear(reader, bytes, from, Math.min(length, from + step), heard);
        }
        return heard;
    }

    private static void hear(RequestReader reader, byte[] bytes, int from, int to, List<Heard> heard) {
        for (int at = from; at < to; ) {
            at += reader.feed(bytes, at, to);
            reader.head().ifPresent(head -> heard.add(new Heard(head.target(), head.context())));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
