// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is true of every page of ours, whatever it shows: nothing foreign runs, the layout holds, it is accessible, it prints. */
public final class PageChecks {
    private static final String FOREIGN = """
            (() => {
              const all = [...document.querySelectorAll('*')];
              const found = [];
              if (window.owned !== undefined) found.push('a script has run');
              if (document.images.length) found.push('an image');
              if (document.querySelector('base, iframe, object, embed, form, meta[http-equiv=refresh]')) found.push('an element');
              if (all.some(e => [...e.attributes].some(a => /^(on|style$)/.test(a.name)))) found.push('an attribute');
              const links = [...document.querySelectorAll('a')].map(a => a.getAttribute('href'));
              found.push(...links.filter(href => !/^[#\\/]/.test(href)).map(href => 'a link to ' + href));
              found.push(...performance.getEntriesByType('resource').map(e => e.name)
                .filter(name => !name.startsWith(location.origin + '/')).map(name => 'loaded ' + name));
              const control = /[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]/;
              const text = all.filter(e => !['SCRIPT', 'STYLE'].includes(e.tagName)).flatMap(e => [...e.childNodes])
                .filter(n => n.nodeType === 3).map(n => n.data).join('');
              if (control.test(text)) found.push('a control character ' + text.match(control)[0].charCodeAt(0));
              return JSON.stringify(found);
            })()
            """;

    /** On paper nothing scrolls, and what is wider or higher than the page is cut. */
    static final String CUT = """
            (() => {
              const width = document.documentElement.clientWidth, height = 1046;
              const cut = [];
              const name = e => e.tagName + ' ' + e.outerHTML.slice(0, 80);
              for (const e of document.querySelectorAll('body, body *:not(svg *)')) {
                const style = getComputedStyle(e), box = e.getBoundingClientRect();
                if (!box.width || !box.height || e.tagName === 'INPUT') continue;
                if (box.right > width + 1 || box.left < -1) cut.push('wider than the page: ' + name(e));
                if (style.overflow !== 'visible' && style.display !== 'inline' && e.tagName !== 'svg'
                  && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)) cut.push('scrolls: ' + name(e));
              }
              for (const e of document.querySelectorAll('svg')) {
                const box = e.getBoundingClientRect();
                if (!box.width || box.height > height) cut.push('picture of ' + box.width + ' x ' + box.height);
              }
              const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (texts.nextNode()) {
                const e = texts.currentNode.parentElement;
                if (texts.currentNode.data.trim() && !e.closest('script, noscript, title, %s')
                  && !e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})) cut.push('hidden: ' + name(e));
              }
              return JSON.stringify(cut.slice(0, 5));
            })()
            """;

    private PageChecks() {}

    /** Nothing foreign runs, is loaded or is markup, and no control character is left. */
    public static void nothingForeign(Chromium browser) throws Exception {
        assertThat(browser.value(FOREIGN)).isEqualTo("[]");
    }

    /** Wide, on a phone, in the light and in the dark: nothing is wider, and axe-core finds nothing. */
    public static void layoutHolds(Chromium browser) throws Exception {
        for (int width : new int[] {1200, 360}) {
            browser.resize(width, 800);
            assertThat(browser.value("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                    .as("how much wider the content is than " + width)
                    .isEqualTo("0");
            for (var scheme : List.of("light", "dark")) {
                browser.colours(scheme);
                assertThat(browser.accessibilityFindings())
                        .as(width + " px, " + scheme)
                        .isEmpty();
            }
        }
    }

    /**
     * On A4 nothing is cut, no picture is missing or broken, and the colours are those for paper.
     *
     * @param folder where the PDF may be put
     * @param unprinted a selector of what does not belong on paper
     * @return the words of the PDF, without the space between them
     */
    public static String prints(Chromium browser, Path folder, String unprinted) throws Exception {
        browser.showAsPrinted();
        assertThat(browser.value(
                        "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).color"))
                .isEqualTo("rgb(255, 255, 255)rgb(27, 31, 36)");
        assertThat(browser.value(CUT.formatted(unprinted))).isEqualTo("[]");
        return words(browser.printed(), folder);
    }

    private static String words(byte[] pdf, Path folder) throws IOException, InterruptedException {
        var program = RealParts.program("pdftotext");
        var file = Files.createTempFile(folder, "printed", ".pdf");
        Files.write(file, pdf);
        var text = folder.resolve(file.getFileName() + ".txt");
        var reader = new ProcessBuilder(program.toString(), "-raw", "-enc", "UTF-8", file.toString(), text.toString())
                .inheritIO()
                .start();
        assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(reader.exitValue()).isZero();
        return Files.readString(text, StandardCharsets.UTF_8).replaceAll("\\s", "");
    }
}
