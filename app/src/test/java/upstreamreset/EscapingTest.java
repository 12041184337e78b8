// SPDX-License-Identifier: Apache-2.0
package upstreamreset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * ARCHITECTURE.md's "nothing from the wire is printed raw": {@code wire} alone escapes. Whoever writes an escaper of his own
 * needs one of these literals; bytecode shows too little of them, so the sources are read.
 */
class EscapingTest {
    private static final Path MAIN = Path.of("src/main/java/upstreamreset");

    /** What gives an escaper away → the files that may contain it, and why. */
    private static final Map<Pattern, List<String>> SIGNS = Map.of(
            Pattern.compile("&(amp|lt|gt|quot|apos|#\\d+|#x[0-9a-fA-F]+);"), List.of("wire/Escape.java"),
            Pattern.compile("\\\\\\\\[ux](%0|\")"), List.of("wire/Escape.java", "wire/Printable.java"),
            Pattern.compile("\\\\\\\\r\""), List.of("wire/Escape.java", "wire/Printable.java"),
            Pattern.compile("Cntrl|gc=C|\\\\p\\{C|isISOControl|Character\\.(CONTROL|FORMAT|SURROGATE)\\b"),
                    List.of("wire/Printable.java"));

    @Test
    void onlyWireEscapes() throws IOException {
        assertThat(signs()).isEmpty();
    }

    @Test
    void theSignsAreThoseOfTheEscapers() throws IOException {
        for (var sign : SIGNS.entrySet()) {
            for (var file : sign.getValue()) {
                assertThat(Files.readString(MAIN.resolve(file))).containsPattern(sign.getKey());
            }
        }
    }

    private static List<String> signs() throws IOException {
        var found = new ArrayList<String>();
        try (var files = Files.walk(MAIN)) {
            for (var file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                var name = MAIN.relativize(file).toString().replace('\\', '/');
                var text = Files.readString(file);
                SIGNS.forEach((sign, allowed) -> {
                    var match = sign.matcher(text);
                    if (!allowed.contains(name) && match.find()) {
                        found.add(name + ": " + match.group());
                    }
                });
            }
        }
        return found;
    }
}
