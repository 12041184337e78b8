// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A capture is cut between packets. */
class PacketLimitTest {
    private static final int HEAD = 24;

    /** A capture with packets of these lengths. */
    private static byte[] capture(ByteOrder order, int... lengths) {
        int size = HEAD + Arrays.stream(lengths).map(length -> 16 + length).sum();
        var bytes = ByteBuffer.allocate(size).order(order).putInt(0xA1B2C3D4);
        bytes.position(HEAD);
        for (int length : lengths) {
            bytes.putInt(1).putInt(2).putInt(length).putInt(length);
            for (int i = 0; i < length; i++) {
                bytes.put((byte) i);
            }
        }
        return bytes.array();
    }

    private static byte[] oneByOne(InputStream in) throws IOException {
        var all = ByteBuffer.allocate(10_000);
        for (int read = in.read(); read >= 0; read = in.read()) {
            all.put((byte) read);
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    /** tcpdump that is told to end before it captures writes none or part of it. */
    @Test
    void itHasBegunOnceTheHeaderIsThereAndGivesItStill() throws IOException {
        var capture = capture(ByteOrder.LITTLE_ENDIAN, 10);
        var whole = new PacketLimit(new ByteArrayInputStream(capture), 1_000);

        assertThat(whole.begin()).isTrue();
        assertThat(whole.begin()).isTrue();
        assertThat(whole.readAllBytes()).isEqualTo(capture);
        for (int length : new int[] {0, 1, HEAD - 1}) {
            var early = Arrays.copyOf(capture, length);
            assertThat(new PacketLimit(new ByteArrayInputStream(early), 1_000).begin())
                    .as("of " + length)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LITTLE_ENDIAN", "BIG_ENDIAN"})
    void itEndsBehindTheLastPacketThatFits(String order) throws IOException {
        var capture = capture(order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, 10, 20, 30);
        for (int max = HEAD; max <= capture.length + 1; max++) {
            var limit = new PacketLimit(new ByteArrayInputStream(capture), max);
            int whole = max >= capture.length ? 3 : max >= HEAD + 62 ? 2 : max >= HEAD + 26 ? 1 : 0;

            assertThat(limit.readAllBytes())
                    .as("of " + max)
                    .isEqualTo(Arrays.copyOf(capture, HEAD + new int[] {0, 26, 62, 108}[whole]));
            assertThat(limit.full()).isEqualTo(whole < 3);
            assertThat(limit.packets()).isEqualTo(whole);
            assertThat(limit.read()).isEqualTo(-1);
        }
    }

    @Test
    void itPassesByteByByteWhatItPassesAtOnce() throws IOException {
        var capture = capture(ByteOrder.LITTLE_ENDIAN, 0, 5, 700);

        assertThat(oneByOne(new PacketLimit(new ByteArrayInputStream(capture), 10_000)))
                .isEqualTo(capture);
    }

    @Test
    void aCutCaptureEndsAtEachOffset() throws IOException {
        var capture = capture(ByteOrder.LITTLE_ENDIAN, 10, 20);
        for (int length = 0; length < capture.length; length++) {
            var limit = new PacketLimit(new ByteArrayInputStream(capture, 0, length), 10_000);

            var passed = limit.readAllBytes();
            assertThat(passed).isEqualTo(Arrays.copyOf(capture, passed.length));
            assertThat(passed.length).isBetween(length - 15, length);
            assertThat(limit.full()).isFalse();
        }
    }

    @Test
    void whatIsNoCaptureIsHandedOnUpToTheLimit() throws IOException {
        var words = "sh: 1: tcpdump: not found, and a good deal more than the head of a file"
                .getBytes(StandardCharsets.US_ASCII);

        assertThat(new PacketLimit(new ByteArrayInputStream(words), 50).readAllBytes())
                .isEqualTo(Arrays.copyOf(words, HEAD));
    }
}
