// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import upstreamreset.accesslog.LogLines;

/** The catalogue is whole, and docs/causes.md is what it says. */
class CauseCatalogueTest {
    private static final Path PAGE = Path.of("../docs/causes.md");

    @Test
    void eachCauseHasAnIdInKebabCaseWordsAFixAndACommand() {
        var next = new NextCommand(Hop.of(LogLines.server().access()), Place.UNKNOWN);
        assertThat(KnownCause.all()).hasSizeGreaterThan(70).allSatisfy(cause -> {
            assertThat(cause.id()).matches("[a-z0-9]+(-[a-z0-9]+)*");
            assertThat(cause.words()).isNotBlank().doesNotEndWith(".");
            assertThat(cause.fix()).isNotBlank().doesNotEndWith(".");
            assertThat(next.named(cause.next())).matches("(kubectl|istioctl) .*");
        });
    }

    @Test
    void thePageListsThemAll() throws IOException {
        var page = new StringWriter();
        new CatalogueText(new PrintWriter(page)).page();
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, page.toString());
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page.toString());
    }

    @Test
    void anIdIsExplainedAndAnyOtherTextIsNot() {
        var out = new StringWriter();
        var text = new CatalogueText(new PrintWriter(out));
        assertThat(text.explain("keep-alive-race")).isTrue();
        assertThat(text.explain("never-ends")).as("a rule").isTrue();
        assertThat(out.toString()).contains("keep-alive-race", "fix:", "never-ends (");
        assertThat(text.explain("no such id")).isFalse();
    }
}
