// SPDX-License-Identifier: Apache-2.0
package upstreamreset.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import tools.jackson.databind.ObjectMapper;

/** Any input becomes text that no terminal obeys and that its parser reads back whole. */
class EscapeTest {
    private static final int RANDOM_TEXTS = 2_000;

    /** C0, DEL and C1; bidi marks, overrides and isolates; separators; tags; lone surrogates; noncharacters. */
    private static final int[] HOSTILE = {
        0, 7, 8, 9, '\n', '\r', 0x1B, 0x7F, 0x80, 0x85, 0x9B, 0x9D, 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029,
        0x202A, 0x202E, 0x2066, 0x2069, 0xFEFF, 0xFFF9, 0xFFFE, 0xFFFF, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000, 0xE0001,
        0x1FFFF, 0x10FFFF, '<', '>', '&', '"', '\'', '\\', ']', '-', '[', 'm', 'é', '…', 0x1F600
    };

    private static List<String> texts() {
        var every = new StringBuilder();
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            every.append((char) c);
        }
        var texts = new ArrayList<>(
                List.of("", "]]><![CDATA[", "</script>", "<!--", "&amp;", "\\u0000", "\uDE00\uD83D", every.toString()));
        var random = new Random(25);
        for (int i = 0; i < RANDOM_TEXTS; i++) {
            texts.add(text(random));
        }
        return texts;
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            int c = random.nextInt(4) == 0
                    ? random.nextInt(Character.MAX_CODE_POINT + 1)
                    : HOSTILE[random.nextInt(HOSTILE.length)];
            text.appendCodePoint(c);
        }
        return text.toString();
    }

    private static void assertNobodyObeys(String shown, boolean lines) {
        var obeyed = shown.codePoints()
                .filter(c -> !(lines && (c == '\n' || c == '\t')))
                .filter(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE,
                            Character.UNASSIGNED -> true;
                    default -> false;
                })
                .mapToObj(Integer::toHexString);
        assertThat(obeyed).isEmpty();
    }

    @Test
    void noTerminalObeysIt() {
        for (var text : texts()) {
            assertNobodyObeys(Printable.of(text), false);
            assertNobodyObeys(Printable.of(text.getBytes(StandardCharsets.UTF_16)), false);
            assertNobodyObeys(Printable.line(text), false);
            assertNobodyObeys(Printable.words(text), false);
            assertNobodyObeys(Printable.lines(text), true);
            assertNobodyObeys(Escape.json(text), false);
            assertNobodyObeys(Escape.markup(text), true);
        }
    }

    @Test
    void whatIsReadFromTheJsonIsTheText() {
        var json = new ObjectMapper();
        for (var text : texts()) {
            assertThat(json.readTree(Escape.json(text)).stringValue()).isEqualTo(text);
        }
    }

    @Test
    void markupIsWellFormedInContentAndInAttributes() throws Exception {
        for (var text : texts()) {
            var markup = Escape.markup(text);
            var element = parse("<a b=\"" + markup + "\" c='" + markup + "'>" + markup + "</a>");
            var readable = new StringBuilder();
            text.codePoints()
                    .map(c -> c == '\n' || c == '\t' || Printable.isHarmless(c) ? c : 0xFFFD)
                    .forEach(readable::appendCodePoint);
            assertThat(element.getTextContent()).isEqualTo(readable.toString());
            assertThat(element.getAttribute("b"))
                    .isEqualTo(readable.toString().replace('\n', ' ').replace('\t', ' '))
                    .isEqualTo(element.getAttribute("c"));
            assertThat(element.getChildNodes().getLength()).isLessThanOrEqualTo(1);
        }
    }

    private static Element parse(String xml) throws Exception {
        var builder = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
        return builder.parse(new InputSource(new StringReader(xml))).getDocumentElement();
    }

    @ParameterizedTest
    @CsvSource({"Chunked\\,Chunked\\\\", "é,\\xe9", "€,€", "😀,😀"})
    void aReaderKnowsEveryCharacter(String text, String shown) {
        assertThat(Printable.of(text)).isEqualTo(shown);
    }

    @Test
    void wordsAreBoundedAndOneLine() {
        assertThat(Printable.words("a\n\033[31m" + "b".repeat(1 << 20)))
                .startsWith("a ?[31mbbb")
                .endsWith("b…")
                .hasSizeLessThan(310);
        assertThat(Printable.lines("a\n\tb\r")).isEqualTo("a\n\tb?");
    }

    @Test
    void bytesAreBounded() {
        var bytes = new byte[1 << 20];
        assertThat(Printable.of(bytes)).startsWith("\\x00\\x00").endsWith("…").hasSizeLessThan(130);
    }
}
