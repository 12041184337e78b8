// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import upstreamreset.report.ScenarioText;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.ScenarioJson;

/** {@code scenarios}: the catalogue, listed or explained. */
@Command(
        name = "scenarios",
        description = {
            "Lists the catalogue of upstream faults, or explains those that are named: the bytes, the rule that they break, who"
                    + " writes such code, the fix, and what a real Envoy does."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ScenariosCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SCENARIO", arity = "0..*", description = "What to explain; without any, all are listed.")
    List<String> names = new ArrayList<>();

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (a line a scenario). Default: ${DEFAULT-VALUE}.")
    OutputFormat output = OutputFormat.TEXT;

    @Spec
    CommandSpec spec;

    ScenariosCommand() {
        spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        var catalogue = new Catalogue();
        var scenarios = names.isEmpty()
                ? catalogue.all()
                : names.stream()
                        .map(name -> catalogue.find(name).orElseThrow(() -> unknown(spec, name, catalogue)))
                        .toList();
        var out = spec.commandLine().getOut();
        switch (output) {
            case JSON -> scenarios.forEach(scenario -> out.println(ScenarioJson.of(scenario)));
            case TEXT -> {
                var text = new ScenarioText(out);
                if (names.isEmpty()) {
                    text.list(scenarios);
                } else {
                    scenarios.forEach(text::explain);
                }
            }
        }
        return Main.CLEAN;
    }

    /** One sentence about a name that is none, with the nearest that are. */
    static ParameterException unknown(CommandSpec spec, String name, Catalogue catalogue) {
        var nearest = catalogue.nearest(name);
        var hint = nearest.isEmpty()
                ? "the scenarios are listed by 'upstream-reset scenarios'"
                : "did you mean " + String.join(" or ", nearest) + "?";
        return new ParameterException(spec.commandLine(), "there is no scenario '" + name + "'; " + hint);
    }
}
