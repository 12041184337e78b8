// SPDX-License-Identifier: Apache-2.0
package upstreamreset.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void nobodyCanChangeThemFromOutside() {
        var source = new byte[] {1, 2, 3};
        var bytes = Bytes.of(source);
        source[0] = 9;
        bytes.toArray()[1] = 9;

        assertThat(bytes).isEqualTo(Bytes.of(new byte[] {0, 1, 2, 3}, 1, 3));
    }

    @Test
    void theirTextShowsControlCharactersEscaped() {
        assertThat(Bytes.latin1("a\r\n\u001b[31m\u0000é")).hasToString("a\\r\\n\\x1b[31m\\x00\\xe9");
    }

    @Test
    void concatenatedTheyKeepTheirOrder() {
        assertThat(Bytes.concat(List.of(Bytes.latin1("ab"), Bytes.EMPTY, Bytes.latin1("c"))))
                .isEqualTo(Bytes.latin1("abc"));
    }
}
