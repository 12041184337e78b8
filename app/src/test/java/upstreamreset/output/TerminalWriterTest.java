// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalWriterTest {
    private static String shown(int columns, boolean colour, String... lines) {
        var shown = new StringWriter();
        var out = new PrintWriter(new TerminalWriter(shown, new Terminal(true, columns, colour)));
        List.of(lines).forEach(out::println);
        out.flush();
        return shown.toString()
                .replace("\u001b[31m", "<r>")
                .replace("\u001b[32m", "<g>")
                .replace("\u001b[1m", "<b>")
                .replace("\u001b[36m", "<c>")
                .replace("\u001b[0m", "</>");
    }

    @Test
    void proseIsWrappedBelowItsBeginning() {
        assertThat(shown(40, false, "    - UPE: the upstream's response broke HTTP, so the proxy cut it off"))
                .isEqualTo("    - UPE: the upstream's response broke\n      HTTP, so the proxy cut it off\n");
        assertThat(shown(40, false, "    fix:   one two three four five six seven eight nine"))
                .isEqualTo("    fix:   one two three four five six\n           seven eight nine\n");
        assertThat(shown(40, false, "    1. a likely cause of this failure here  [some-cause]"))
                .isEqualTo("    1. a likely cause of this failure\n       here  [some-cause]\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "       $ kubectl -n NAMESPACE exec POD -c istio-proxy -- pilot-agent request POST logging",
                "  >    41  Transfer-Encoding: Chunked and much more that stood on the wire",
                "        0  HTTP/1.1 200 OK and a reason that is longer than the terminal is wide",
                "    [2026-11-29T12:46:12.590Z] \"GET /correct HTTP/1.1\" 200 - via_upstream - \"-\" 0",
                "::error title=duplicate-transfer-encoding::GET /wrong has it twice, so Envoy refuses",
                "{\"kind\":\"exchange\",\"verdict\":\"resets-before\",\"cause\":\"a long sentence\"}",
                "  correct                      passes         200 -       A chunked response in five chunks",
                "http://averyveryverylongnameofahost.example.com/andapaththatislongtoo/index.html"
            })
    void whatIsCopiedOrComparedStaysWhole(String line) {
        assertThat(shown(40, false, line)).isEqualTo(line + "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            GET /wrong → 502 UPE upstream_reset|GET /wrong → <r>502 UPE</> upstream_reset
            GET /correct → 200 - via_upstream|GET /correct → <g>200</> - via_upstream
            stream 3 → 200, behind Envoy resets-before 502 UPE|stream 3 → <g>200</>, behind Envoy <r>resets-before</> <r>502 UPE</>
              error duplicate-transfer-encoding (RFC 9112 §6.1)|<b>  error</> <b>duplicate-transfer-encoding</> (RFC 9112 §6.1)
              >    41  Transfer-Encoding: Chunked|<r>  >    41  Transfer-Encoding: Chunked</>
                  17  Connection: Keep-Alive → 502 UPE|      17  Connection: Keep-Alive → 502 UPE
                1. the response has it twice  [te-twice]|    1. the response has it twice  <b>[te-twice]</>
                   $ kubectl get pods|<c>       $ kubectl get pods</>
            {"a":"→ 502 UPE"}|{"a":"→ 502 UPE"}
              matches the catalogue|  <g>matches the catalogue</>
            """)
    void verdictsRulesAndGuiltyBytesAreInColour(String line, String shown) {
        assertThat(shown(100, true, line)).isEqualTo(shown + "\n");
    }

    @Test
    void aLineThatHasNotEndedIsShown() {
        var shown = new StringWriter();
        var out = new PrintWriter(new TerminalWriter(shown, new Terminal(true, 40, true)));
        out.print("Raise it? [y/N] ");
        out.flush();
        assertThat(shown.toString()).isEqualTo("Raise it? [y/N] ");
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', '', false, 100, false",
        "60, '', '', true, 60, true",
        "200, '', '', true, 100, true",
        "12, '', '', true, 55, true",
        "0, '', '', true, 100, true",
        "80, 1, '', true, 80, false",
        "80, 1, --color=always, true, 80, true",
        "80, '', --color=never, true, 80, false",
        "80, '', --color=NEVER, true, 80, false",
        "'', '', --color=always, false, 100, true",
        "80x24, '', '', false, 100, false"
    })
    void theTerminalIsWhatTheLauncherSaysAndThePersonWants(
            String columns, String noColor, String word, boolean terminal, int width, boolean colour) {
        assertThat(Terminal.of(columns, Map.of("NO_COLOR", noColor), List.of("explain", word)))
                .isEqualTo(new Terminal(terminal, width, colour));
    }

    @Test
    void ofWordsBehindTheDashesNothingIsRead() {
        assertThat(Terminal.of("", Map.of(), List.of("sidecar", "--", "ls", "--color=always"))
                        .colour())
                .isFalse();
        assertThat(Terminal.of("", Map.of(), List.of("explain", "--color", "always"))
                        .colour())
                .isTrue();
        assertThat(Terminal.of("80", Map.of("TERM", "dumb"), List.of()).colour())
                .isFalse();
    }
}
