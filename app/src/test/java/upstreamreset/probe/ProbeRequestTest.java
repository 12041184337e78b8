// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.wire.Bytes;

class ProbeRequestTest {
    @Test
    void dataAreAFormThatIsPostedUnlessItIsSaidOtherwise() {
        var data = Bytes.of(new byte[] {'a'});
        var json = List.of("content-type: application/json");

        assertThat(ProbeRequest.of(null, List.of(), null)).isEqualTo(new ProbeRequest("GET", List.of(), Bytes.EMPTY));
        assertThat(ProbeRequest.of(null, List.of(), data))
                .isEqualTo(new ProbeRequest("POST", List.of("Content-Type: application/x-www-form-urlencoded"), data));
        assertThat(ProbeRequest.of("PUT", json, data)).isEqualTo(new ProbeRequest("PUT", json, data));
    }

    /** As curl does with an empty {@code -d}; without Content-Length a server may wait for the body. */
    @Test
    void thatAPostHasNoBodyIsSaid() {
        var target = Target.parse("http://x/");

        assertThat(new String(ProbeRequest.of(null, List.of(), Bytes.EMPTY).bytes(target), StandardCharsets.UTF_8))
                .contains("\r\nContent-Length: 0\r\n");
        assertThat(new String(ProbeRequest.of(null, List.of(), null).bytes(target), StandardCharsets.UTF_8))
                .doesNotContain("Content-Length");
    }

    @Test
    void aFieldThatWouldSplitTheRequestIsRefused() {
        assertThatThrownBy(() -> new ProbeRequest("GET", List.of("X: a\r\nY: b"), Bytes.EMPTY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X: a\\r\\nY: b");
    }
}
