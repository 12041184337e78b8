// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Mixin
    OutputOption output = new OutputOption();

    @Spec
    CommandSpec spec;

    ScenariosCommand() {
        spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        var scenarios = names.isEmpty() ? new Catalogue().all() : ScenarioNames.find(spec, names);
        var out = spec.commandLine().getOut();
        switch (output.format) {
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
}
