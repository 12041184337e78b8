// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.util.List;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.WireScript;

/** Responses to mutate: what the catalogue's scenarios send. */
final class Corpus {
    private Corpus() {}

    static List<String> responses() {
        return new Catalogue()
                .all().stream()
                        .map(scenario -> scenario.source())
                        .filter(WireScript.class::isInstance)
                        .map(source -> ((WireScript) source).sent().latin1())
                        .filter(sent -> !sent.isEmpty())
                        .toList();
    }
}
