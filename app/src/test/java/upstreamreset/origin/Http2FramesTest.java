// SPDX-License-Identifier: Apache-2.0
package upstreamreset.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.origin.Http2Frames.Frame;
import upstreamreset.wire.Bytes;

class Http2FramesTest {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";
    private static final String HEADERS = "\0\0\2\1\4\0\0\0\1ab";
    private static final String DATA = "\0\1\0\0\1\0\0\0\1" + "x".repeat(256);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 10, 1000})
    void framesAreHandedOutWholeInAnySegmentation(int size) throws IOException {
        var bytes = Bytes.latin1(PREFACE + SETTINGS + HEADERS + DATA).toArray();
        var frames = new Http2Frames();
        var found = new ArrayList<Frame>();
        for (int from = 0; from < bytes.length; from += size) {
            frames.feed(bytes, from, Math.min(size, bytes.length - from));
            for (var next = frames.next(); next.isPresent(); next = frames.next()) {
                found.add(next.get());
            }
        }

        assertThat(found)
                .containsExactly(
                        new Frame(4, 0, Bytes.EMPTY),
                        new Frame(1, 4, Bytes.latin1("ab")),
                        new Frame(0, 1, Bytes.latin1("x".repeat(256))));
        assertThat(found).extracting(Frame::headers).containsExactly(false, true, false);
        assertThat(found).extracting(Frame::endsStream).containsExactly(false, false, true);
    }

    @Test
    void theSameFlagOfAnotherFrameEndsNothing() {
        assertThat(List.of(new Frame(1, 1, Bytes.EMPTY), new Frame(4, 1, Bytes.EMPTY)))
                .extracting(Frame::endsStream)
                .containsExactly(true, false);
    }

    @Test
    void aCutFrameIsNone() throws IOException {
        var bytes = Bytes.latin1(PREFACE + HEADERS).toArray();
        var frames = new Http2Frames();
        frames.feed(bytes, 0, bytes.length - 1);

        assertThat(frames.next()).isEmpty();
    }

    @Test
    void bytesWithoutThePrefaceAreRefused() {
        var bytes = Bytes.latin1("GET / HTTP/1.1\r\nHost: app\r\n\r\n").toArray();
        var frames = new Http2Frames();
        frames.feed(bytes, 0, bytes.length);

        assertThatThrownBy(frames::next).isInstanceOf(IOException.class);
    }
}
