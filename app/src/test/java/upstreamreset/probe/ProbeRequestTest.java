// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.wire.Bytes;

class ProbeRequestTest {
    @Test
    void aFieldThatWouldSplitTheRequestIsRefused() {
        assertThatThrownBy(() -> new ProbeRequest("GET", List.of("X: a\r\nY: b"), Bytes.EMPTY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X: a\\r\\nY: b");
    }
}
