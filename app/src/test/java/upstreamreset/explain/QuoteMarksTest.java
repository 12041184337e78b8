// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class QuoteMarksTest {
    private final QuoteMarks marks = new QuoteMarks();

    @Test
    void whatCurlWritesAfterAQuoteKeepsItsMark() {
        assertThat(marks.without("> * Trying 10.1.2.3:80...", false)).isEqualTo("* Trying 10.1.2.3:80...");
        assertThat(marks.without("> > GET / HTTP/1.1", true)).isEqualTo("> GET / HTTP/1.1");
        assertThat(marks.without("* Trying 10.1.2.3:80...", false)).isEqualTo("* Trying 10.1.2.3:80...");
        assertThat(marks.without("> GET / HTTP/1.1", true)).isEqualTo("> GET / HTTP/1.1");
    }

    /** One by one, a mark took the time of all of the line. */
    @Test
    @Timeout(20)
    void aLineOfMarksTakesNoLongerThanAnyOther() {
        var line = ">".repeat(1 << 20);
        assertThat(marks.without(line, false)).isEqualTo(line);
        assertThat(marks.without(line, false)).isEmpty();
    }
}
