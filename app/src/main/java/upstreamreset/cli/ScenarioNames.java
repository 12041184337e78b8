// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.List;
import picocli.CommandLine.ParameterException;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;

/** Finds the scenarios that a command line names. */
final class ScenarioNames {
    private ScenarioNames() {}

    /** The scenarios in the order of their names; a name that is none ends with one sentence and the nearest that are. */
    static List<Scenario> find(Command command, List<String> names) {
        var catalogue = new Catalogue();
        return names.stream()
                .map(name -> catalogue.find(name).orElseThrow(() -> unknown(command, name, catalogue)))
                .toList();
    }

    private static ParameterException unknown(Command command, String name, Catalogue catalogue) {
        var nearest = catalogue.nearest(name);
        var hint = nearest.isEmpty()
                ? "the scenarios are listed by 'upstream-reset scenarios'"
                : "did you mean " + String.join(" or ", nearest) + "?";
        return command.misuse("there is no scenario '" + name + "'; " + hint);
    }
}
