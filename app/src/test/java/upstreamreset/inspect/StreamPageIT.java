// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.tcp.StreamEvent.Data;
import upstreamreset.tcp.StreamEvent.Fin;
import upstreamreset.tcp.StreamEvent.Opened;
import upstreamreset.testing.Chromium;
import upstreamreset.wire.Bytes;

/** The page in a real browser: followed, filtered, used by keyboard, and attacked. */
class StreamPageIT {
    private static final Instant START = Instant.parse("2026-11-22T20:00:00Z");
    private static final String HOSTILE = "</pre></script><script>document.title='owned'</script>"
            + "<img src=x onerror=document.title='owned'><a href=javascript:document.title='owned'>\u001b[2J\"'&";

    @TempDir
    Path folder;

    @Test
    void theStreamsAreFollowedFilteredAndWalkedByKeyboard() throws Exception {
        try (var browser = new Chromium(folder, page())) {
            assertThat(browser.value("document.getElementById('count').textContent"))
                    .isEqualTo("3 of 3 streams");
            assertThat(shown(browser)).isEqualTo("s0");
            browser.key("j");
            assertThat(shown(browser)).isEqualTo("s1");
            browser.key("n");
            assertThat(browser.value("document.activeElement.tagName + document.activeElement.textContent"))
                    .isEqualTo("MARKTransfer-Encoding: Chunked\\r\\n\nTransfer-Encoding: chunked\\r\\n\n");
            browser.key("k");
            assertThat(shown(browser)).isEqualTo("s0");
            browser.key("/");
            browser.type("duplicate");
            assertThat(browser.value("document.getElementById('count').textContent"))
                    .isEqualTo("1 of 3 streams");
            assertThat(shown(browser)).isEqualTo("s1");
            assertThat(browser.value("document.querySelector('#s1 aside').textContent"))
                    .contains("duplicate-transfer-encoding");
            browser.key("Escape");
            assertThat(browser.value("document.getElementById('count').textContent"))
                    .isEqualTo("3 of 3 streams");
        }
    }

    /** WCAG 2.2 §1.4.3: every text against what is behind it, what is see-through counted in. */
    private static final String WORST_CONTRAST = """
            (() => {
              const rgb = text => text.match(/[\\d.]+/g).map(Number);
              const over = (top, below) => [0, 1, 2].map(i => top[i] * (top[3] ?? 1) + below[i] * (1 - (top[3] ?? 1)));
              const behind = element => {
                const below = element.parentElement ? behind(element.parentElement) : [255, 255, 255];
                return over(rgb(getComputedStyle(element).backgroundColor), below);
              };
              const opacity = element =>
                element ? getComputedStyle(element).opacity * opacity(element.parentElement) : 1;
              const light = colour => colour.map(c => c / 255)
                .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              document.querySelectorAll('section').forEach(section => section.hidden = false);
              const ratios = [...document.querySelectorAll('body *:not(script)')]
                .filter(e => e.tagName === 'INPUT' || [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
                .map(e => {
                  const style = getComputedStyle(e, e.tagName === 'INPUT' ? '::placeholder' : null);
                  const below = behind(e);
                  const text = over([...rgb(style.color), opacity(e) * style.opacity / getComputedStyle(e).opacity], below);
                  const [a, b] = [light(text), light(below)];
                  return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.outerHTML.slice(0, 60)];
                }).sort((a, b) => a[0] - b[0]);
              return ratios.length > 20 ? ratios[0][0] >= 4.5 ? 'enough' : ratios[0].join(' ') : 'no text';
            })()
            """;

    @Test
    void itIsReadableInTheDarkAndInTheLight() throws Exception {
        try (var browser = new Chromium(folder, page())) {
            for (var scheme : List.of("light", "dark")) {
                browser.call(
                        "Emulation.setEmulatedMedia",
                        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
                assertThat(browser.value("getComputedStyle(document.body).backgroundColor"))
                        .isEqualTo(scheme.equals("light") ? "rgb(255, 255, 255)" : "rgb(20, 24, 29)");
                assertThat(browser.value(WORST_CONTRAST)).as(scheme).isEqualTo("enough");
            }
        }
    }

    @Test
    void theBytesCanBeScrolledByKeyboardAndFocusIsSeen() throws Exception {
        try (var browser = new Chromium(folder, page())) {
            browser.value("document.querySelector('main').focus({focusVisible: true})");
            assertThat(browser.value(
                            "document.activeElement.tagName + getComputedStyle(document.activeElement).outlineStyle"))
                    .isEqualTo("MAINsolid");
            browser.key("j");
            browser.key("k");
            assertThat(browser.value(
                            "document.activeElement.tagName + getComputedStyle(document.activeElement).outlineStyle"))
                    .isEqualTo("Asolid");
        }
    }

    @Test
    void oneRuleBrokenAtTwoPlacesIsSaidOnce() throws Exception {
        try (var browser = new Chromium(folder, page())) {
            assertThat(browser.value(
                            "[...document.querySelectorAll('#s1 aside:not(.note) p')].map(p => p.textContent).join()"))
                    .isEqualTo("error at byte 17, 45");
        }
    }

    @Test
    void hostileBytesStayTextAndNothingIsLoaded() throws Exception {
        var page = page();
        assertThat(Files.readString(page))
                .doesNotContain("\u001b", "<img", "<a href=javascript", "</script><script>document");
        try (var browser = new Chromium(folder, page)) {
            assertThat(browser.value("document.title")).isEqualTo("test");
            assertThat(browser.value("document.scripts.length")).isEqualTo("1");
            assertThat(browser.value("document.images.length")).isEqualTo("0");
            assertThat(browser.value("performance.getEntriesByType('resource').length"))
                    .isEqualTo("0");
            assertThat(browser.value("document.querySelector('#s2 pre').textContent"))
                    .contains("<script>document.title");
            browser.call(
                    "Runtime.evaluate",
                    Map.of(
                            "expression",
                            "var s = document.createElement('script'); s.textContent = 'document.title=\"owned\"';"
                                    + " document.body.append(s)"));
            assertThat(browser.value("document.title"))
                    .as("the policy runs no script but the page's own")
                    .isEqualTo("test");
        }
    }

    private static String shown(Chromium browser) throws Exception {
        return browser.value("[...document.querySelectorAll('section')].filter(s => !s.hidden).map(s => s.id).join()");
    }

    private Path page() throws Exception {
        var events = new ArrayList<StreamEvent>();
        add(events, 0, "GET /right HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
        add(
                events,
                1,
                "GET /wrong HTTP/1.1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        add(
                events,
                2,
                "GET /" + HOSTILE.replace(" ", "") + " HTTP/1.1\r\nX: " + HOSTILE + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX" + HOSTILE + ": 1\r\nContent-Length: 0\r\n\r\n");
        var page = folder.resolve("page.html");
        StreamPage.write(page, "test", "", events, Inspection.of(events, "1.40.0"), (_, _) -> 0);
        return page;
    }

    private static void add(List<StreamEvent> events, int stream, String request, String response) {
        var loopback = InetAddress.ofLiteral("127.0.0.1");
        events.add(new Opened(
                stream,
                START,
                new InetSocketAddress(loopback, 40_000 + stream),
                new InetSocketAddress(loopback, 8080)));
        events.add(new Data(stream, START.plusMillis(1), Direction.TO_SERVER, Bytes.latin1(request)));
        events.add(new Data(stream, START.plusMillis(2), Direction.TO_CLIENT, Bytes.latin1(response)));
        events.add(new Fin(stream, START.plusMillis(3), Direction.TO_CLIENT));
    }
}
