// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import upstreamreset.scenario.Http2Answers;
import upstreamreset.testing.RealParts;
import upstreamreset.verdict.Outcome;

/** What the model says of HTTP/2 answers is no opinion: a real Envoy is asked for each. */
class Http2AnswersIT {
    @Test
    void theModelSaysWhatARealEnvoyDoes() throws Exception {
        var differences = new ArrayList<String>();

        Sweep.run(RealParts.envoy(), Http2Answers.all(), reproduction -> {
            var name = reproduction.scenario().name();
            reproduction.differences().forEach(difference -> differences.add(name + ": " + difference));
            var real = reproduction.judged().envoy();
            if (reproduction.inspected().isEmpty()) {
                differences.add(name + ": no response was seen, Envoy " + real + "; " + reproduction.sidecars());
                return;
            }
            var model = reproduction.inspected().get().judged().envoy();
            boolean passes = real.outcome() == Outcome.PASSES;
            if (model.outcome() != real.outcome()
                    || model.status() != real.status()
                    || !model.flags().equals(real.flags())
                    || !model.details().equals(real.details())
                    || (!passes && !model.message().equals(real.message()))) {
                differences.add(name + ": the model says " + model + ", Envoy " + real);
            }
        });

        assertThat(differences).isEmpty();
    }
}
