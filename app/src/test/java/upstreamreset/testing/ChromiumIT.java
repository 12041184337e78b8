// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks of pages find what they look for: on a bad page they fail. */
class ChromiumIT {
    private static final String BAD = """
            <!doctype html><title>bad</title><style>pre { overflow: hidden; height: 1em; width: 3000px }</style>
            <p style="color:#ddd;background:#fff" onclick="1">pale \u202e</p><input><pre>cut\noff</pre>
            <p hidden>hidden</p><svg width=0></svg><img><script>owned = 1</script><a href="javascript:1">run</a>""";

    @TempDir
    Path folder;

    @Test
    void aBadPageFails() throws Exception {
        var page = Files.writeString(folder.resolve("bad.html"), BAD);
        try (var browser = new Chromium(folder, page)) {
            assertThat(browser.accessibilityFindings().toString())
                    .contains("label: ", "color-contrast: ", "html-has-lang: ");
            assertThatThrownBy(() -> PageChecks.nothingForeign(browser))
                    .hasMessageContainingAll(
                            "a script has run",
                            "an image",
                            "an attribute",
                            "a link to javascript:1",
                            "a control character 8238");
            assertThatThrownBy(() -> PageChecks.layoutHolds(browser))
                    .hasMessageContaining("how much wider the content is than 1200");
            assertThatThrownBy(() -> PageChecks.prints(browser, folder, "nav")).isInstanceOf(AssertionError.class);
            assertThat(browser.value(PageChecks.CUT.formatted("nav")))
                    .contains("wider than the page: PRE", "scrolls: PRE", "picture of 0 x", "hidden: P");
            assertThatThrownBy(() -> browser.value("nothing.there")).hasMessageContaining("nothing is not defined");
            assertThatThrownBy(() -> browser.awaited("Promise.reject(new Error('no'))"))
                    .hasMessageContaining("no");
        }
    }
}
