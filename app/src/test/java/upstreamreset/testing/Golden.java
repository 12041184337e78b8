// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a program printed, held to a file in {@code src/test/resources}.
 *
 * <p>After a wanted change: {@code scripts/mvn -o test -pl app -Dtest=TEST -Dgolden.update=true}, and read the diff.
 */
public final class Golden {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    private Golden() {}

    /** Fails unless {@code said} is what {@code name} holds, for example {@code help/inspect}, whose file ends in {@code .golden}. */
    public static void holds(String name, String said) throws IOException {
        var file = RESOURCES.resolve(name + ".golden");
        if (UPDATE) {
            Files.createDirectories(file.getParent());
        }
        holdsDocument(file, said.replace(System.lineSeparator(), "\n"));
    }

    /** Fails unless a generated document is {@code text}. */
    public static void holdsDocument(Path document, String text) throws IOException {
        if (UPDATE) {
            Files.writeString(document, text);
        }
        assertThat(text).isEqualTo(Files.readString(document));
    }

    /** Fails unless a document's transcript of {@code command}, a block that ends in three backticks, is what was said. */
    public static void holdsTranscript(Path document, String command, String said) throws IOException {
        var text = Files.readString(document);
        int start = text.indexOf("$ " + command + "\n");
        assertThat(start).as("%s has no transcript of: %s", document, command).isNotNegative();
        start = text.indexOf('\n', start) + 1;
        int end = text.indexOf("```", start);
        if (UPDATE) {
            Files.writeString(document, text.substring(0, start) + said + text.substring(end));
        } else {
            assertThat(said).isEqualTo(text.substring(start, end));
        }
    }
}
