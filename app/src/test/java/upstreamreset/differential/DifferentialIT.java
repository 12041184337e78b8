// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model of Envoy's codec is held to the oldest and the newest Envoy that we pin. */
class DifferentialIT {
    private static final int TRIALS = Integer.getInteger("differential.trials", 5_000);
    private static final long SEED = Long.getLong("differential.seed", 20_261_122);

    @ParameterizedTest
    @ValueSource(strings = {"1.36.2", "1.40.0"})
    void theModelSaysWhatEnvoySays(String version) throws IOException, InterruptedException {
        // Given
        var trials = new Generator(SEED, Corpus.responses()).trials(TRIALS);

        // When
        Comparison comparison;
        try (var oracle = new Oracle(version)) {
            comparison = new Differential(version, oracle).compare(trials);
        }

        // Then
        System.out.println(comparison + ", seed " + SEED);
        assertThat(comparison.disagreements()).isEmpty();
    }
}
