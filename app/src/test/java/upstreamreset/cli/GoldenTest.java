// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.testing.Cli;
import upstreamreset.testing.Golden;

/**
 * What {@code inspect} and {@code explain} print, to the byte: about a capture with all that can be wrong in it, about an
 * incident, and about a log that is too long to explain line by line.
 */
class GoldenTest {
    private static final Path INCIDENT = Path.of("src/test/resources/explain/incident.log");

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void aCapture(String format) throws Exception {
        var capture = "../scripts/lib/training.pcap.gz";
        isGolden("inspect/training." + format, "inspect", "--output", format, capture);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void anIncident(String format) throws Exception {
        isGolden("explain/incident." + format, explain(format, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void aLongLog(String format) throws Exception {
        isGolden("explain/long." + format, explain(format, 20));
    }

    /** The incident, so many times, each time with requests of its own. */
    private static String[] explain(String format, int times) throws IOException {
        var incident = Files.readAllLines(INCIDENT);
        var lines = IntStream.range(0, times)
                .boxed()
                .flatMap(i -> incident.stream().map(line -> line.replace("\"id-", "\"" + i + "-id-")));
        return Stream.concat(Stream.of("explain", "--output", format, "--"), lines)
                .toArray(String[]::new);
    }

    private static void isGolden(String name, String... arguments) throws IOException {
        var result = Cli.run(arguments);
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(Main.FOUND);
        Golden.holds(name, result.output() + "--- stderr\n" + result.errors());
    }
}
