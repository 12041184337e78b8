// SPDX-License-Identifier: Apache-2.0
package upstreamreset.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class HtmlTest {
    private final StringWriter written = new StringWriter();
    private final Html html = new Html(written);

    @Test
    void textAndAttributesCannotBecomeMarkup() throws IOException {
        html.open("a").attribute("title", "\"><script>'").text("</a>&").close("a");

        assertThat(written).hasToString("<a title=\"&quot;&gt;&lt;script&gt;&#39;\">&lt;/a&gt;&amp;</a>");
    }

    @Test
    void aTagEndsBeforeWhateverFollowsItsAttributes() throws IOException {
        html.open("meta").attribute("charset", "utf-8").line();
        html.open("p")
                .open("b")
                .close("b")
                .element("i", 1)
                .code("style", "a>b{}")
                .close("p");

        assertThat(written).hasToString("<meta charset=\"utf-8\">\n<p><b></b><i>1</i><style>a>b{}</style></p>");
    }

    @Test
    void anAttributeBelongsToAnOpenTag() throws IOException {
        html.open("p").text("x");

        assertThatThrownBy(() -> html.attribute("class", "late")).isInstanceOf(IllegalStateException.class);
    }
}
