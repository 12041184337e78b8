// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import upstreamreset.testing.Cli;

/** A figure is written the same on every machine. */
@Isolated
class LocaleTest {
    private final Locale before = Locale.getDefault();

    @AfterEach
    void restore() {
        Locale.setDefault(before);
    }

    @Test
    void digitsAndSeparatorsAreNotTheMachines() {
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        var line = "nobody knows this line";
        assertThat(Cli.run("explain", (line + "\n").repeat(1_500)).errors())
                .contains("(1,500 of 1,500 lines skipped.)");
        assertThat("%.1f".formatted(1.5)).isEqualTo("1.5");
    }
}
