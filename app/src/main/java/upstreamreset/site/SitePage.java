// SPDX-License-Identifier: Apache-2.0
package upstreamreset.site;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import upstreamreset.page.Html;
import upstreamreset.page.PageFile;

/** A page of the app as text; its style and script are separate files. */
final class SitePage {
    private SitePage() {}

    static String of(String title, PageFile.Content content) {
        var text = new StringWriter();
        text.write("<!doctype html>\n");
        var html = new Html(text);
        try {
            html.open("html").attribute("lang", "en").line();
            html.open("meta").attribute("charset", "utf-8").line();
            html.open("meta")
                    .attribute("name", "viewport")
                    .attribute("content", "width=device-width, initial-scale=1")
                    .line();
            html.element("title", title).line();
            html.open("link")
                    .attribute("rel", "icon")
                    .attribute("href", "/page/icon.svg")
                    .line();
            html.open("link")
                    .attribute("rel", "stylesheet")
                    .attribute("href", "/page/app.css")
                    .line();
            html.open("body").line();
            content.write(html);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter throws none
        }
        return text.toString();
    }
}
