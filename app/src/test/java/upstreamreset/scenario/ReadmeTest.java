// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** README's table "You see | Scenario" names existing scenarios and agrees with the catalogue. */
class ReadmeTest {
    private static final Pattern ROW = Pattern.compile("\\| (.*?) \\| (.*?) \\| .* \\| .* \\|");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    @Test
    void eachRowNamesScenariosThatLookAsItSays() throws IOException {
        var catalogue = new Catalogue();
        var table = Files.readString(Path.of("../README.md")).split("\\| You see \\| Scenario \\|", 2)[1];
        int rows = 0;
        for (var line : table.split("\n\n", 2)[0].lines().skip(2).toList()) {
            var row = ROW.matcher(line);
            assertThat(row.matches()).as(line).isTrue();
            var seen = CODE.matcher(row.group(1));
            assertThat(seen.find()).as(line).isTrue();
            var names = CODE.matcher(row.group(2))
                    .results()
                    .map(found -> found.group(1))
                    .filter(name -> !name.startsWith("--"))
                    .toList();
            assertThat(names).as(line).isNotEmpty();
            for (var name : names) {
                var scenario = catalogue.find(name);
                assertThat(scenario).as(name).isPresent();
                if (!row.group(2).contains("--with-client-sidecar")) {
                    var expected = scenario.orElseThrow().expectation();
                    assertThat(expected.status() + " " + expected.flags())
                            .as(line)
                            .isEqualTo(seen.group(1));
                }
            }
            rows++;
        }
        assertThat(rows).isGreaterThan(4);
    }
}
