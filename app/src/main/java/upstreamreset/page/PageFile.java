// SPDX-License-Identifier: Apache-2.0
package upstreamreset.page;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import upstreamreset.output.ResultFile;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Sha256;

/**
 * Writes one HTML file that loads nothing and whose content security policy runs no script but its own, so that bytes from the
 * wire stay text.
 */
public final class PageFile {
    private PageFile() {}

    /** The body of a page. */
    @FunctionalInterface
    public interface Content {
        void write(Html html) throws IOException;
    }

    /** Our own style and script, which are not escaped. */
    public record Code(String css, String script) {
        /** The resources {@code NAME.css} and {@code NAME.js} beside {@code neighbour}, behind the style of all pages. */
        public static Code of(Class<?> neighbour, String name) {
            return new Code(
                    Bytes.ofResource(PageFile.class, "base.css").utf8()
                            + Bytes.ofResource(neighbour, name + ".css").utf8(),
                    Bytes.ofResource(neighbour, name + ".js").utf8());
        }
    }

    /** Fails now, before any work is done, if {@code file} could not be written later. */
    public static void check(Path file) throws IOException {
        ResultFile.check("the page", file);
    }

    public static void write(Path file, String title, Code code, Content content) throws IOException {
        ResultFile.write(file, out -> {
            var text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            text.write("<!doctype html>\n");
            var html = new Html(text);
            head(html, title, code);
            html.open("body").line();
            content.write(html);
            html.code("script", code.script()).line();
            text.flush();
        });
    }

    private static void head(Html html, String title, Code code) throws IOException {
        html.open("html").attribute("lang", "en").line();
        html.open("meta").attribute("charset", "utf-8").line();
        html.open("meta")
                .attribute("http-equiv", "Content-Security-Policy")
                .attribute(
                        "content",
                        "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'"
                                .formatted(sha256(code.css()), sha256(code.script())))
                .line();
        html.open("meta")
                .attribute("name", "viewport")
                .attribute("content", "width=device-width, initial-scale=1")
                .line();
        html.element("title", StoryPage.text(title))
                .line()
                .code("style", code.css())
                .line();
    }

    private static String sha256(String text) {
        return Base64.getEncoder().encodeToString(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
