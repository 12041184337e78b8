// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.ArrayList;
import java.util.List;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.ScenarioJson;
import upstreamreset.scenario.ScenarioText;

/** {@code scenarios}: the catalogue, listed or explained. */
final class ScenariosCommand extends Command {
    private final List<String> names = new ArrayList<>();
    private final OutputOption output = new OutputOption();

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description(
                        "Lists the catalogue of upstream faults, or explains the named ones: the bytes, the rule that they break, which code"
                                + " causes them, the fix, and what a real Envoy does.");
        syntax.operands("SCENARIO", 0, names).description("Scenarios to explain. Without any, all are listed.");
        output.addTo(syntax);
    }

    @Override
    public Integer call() {
        var scenarios = names.isEmpty() ? new Catalogue().all() : scenarios(names);
        var out = out();
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
