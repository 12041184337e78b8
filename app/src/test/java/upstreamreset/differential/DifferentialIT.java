// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.Fixtures;
import upstreamreset.http1.RequestContext;
import upstreamreset.wire.Bytes;

/** Compares the model of Envoy's codec with the oldest and the newest pinned Envoy. */
class DifferentialIT {
    private static final int TRIALS = Integer.getInteger("differential.trials", 5_000);
    private static final int MAX_CUTS = 6;
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

    @ParameterizedTest
    @ValueSource(strings = {"1.36.2", "1.40.0"})
    void ofEveryFixtureToo(String version) throws IOException, InterruptedException {
        // Given
        var trials = new ArrayList<Trial>();
        for (var fixture :
                Stream.concat(Fixtures.ALL.stream(), Fixtures.CUT.stream()).toList()) {
            for (var request : List.of(
                    RequestContext.of("GET"),
                    RequestContext.of("HEAD"),
                    RequestContext.of("CONNECT"),
                    new RequestContext("GET", true))) {
                for (var closedBy : List.of(CloseReason.FIN, CloseReason.OPEN, CloseReason.RST)) {
                    trials.add(new Trial(request, List.of(Bytes.latin1(fixture)), closedBy));
                }
                cutBehindReturns(fixture)
                        .forEach(segments -> trials.add(new Trial(request, segments, CloseReason.FIN)));
            }
        }

        // When
        Comparison comparison;
        try (var oracle = new Oracle(version)) {
            comparison = new Differential(version, oracle).compare(trials);
        }

        // Then
        assertThat(comparison.disagreements()).isEmpty();
    }

    /** The fixture in two segments, the first of which ends in CR: the parser has a separate state for that. */
    private static Stream<List<Bytes>> cutBehindReturns(String fixture) {
        return IntStream.range(1, fixture.length())
                .filter(at -> fixture.charAt(at - 1) == '\r')
                .limit(MAX_CUTS)
                .mapToObj(at -> List.of(Bytes.latin1(fixture.substring(0, at)), Bytes.latin1(fixture.substring(at))));
    }
}
