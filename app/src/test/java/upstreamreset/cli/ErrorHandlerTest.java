// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails in the JVM is one sentence too, and no clean exit. */
class ErrorHandlerTest {
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(classes = {OutOfMemoryError.class, StackOverflowError.class, NoClassDefFoundError.class})
    void anErrorIsOneSentence(Class<? extends Error> type) throws Exception {
        var error = type.getConstructor(String.class).newInstance("Java heap\nspace");
        assertThat(ErrorHandler.error(error, new PrintWriter(err), false)).isEqualTo(Main.UNREAD);
        assertThat(err.toString()).startsWith("upstream-reset: ").hasLineCount(1);
    }

    @Test
    void itsTraceIsForDebug() {
        ErrorHandler.error(new StackOverflowError(), new PrintWriter(err), true);
        assertThat(err.toString())
                .startsWith("upstream-reset: this input is nested too deeply\n")
                .contains("\tat ");
    }
}
