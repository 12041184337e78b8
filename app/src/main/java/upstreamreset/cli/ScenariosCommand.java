// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import upstreamreset.scenario.BrokenRule;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.ScenarioJson;
import upstreamreset.scenario.ScenarioText;

/** {@code scenarios}: the catalogue, listed or explained. */
final class ScenariosCommand extends Command {
    private final List<String> words = new ArrayList<>();
    private final List<String> flags = new ArrayList<>();
    private final List<Integer> statuses = new ArrayList<>();
    private final OutputOption output = new OutputOption();

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description("Lists the catalogue of upstream faults, or explains the named ones: the bytes, the rule"
                        + " that they break, the code that causes them, the fix, and what a real Envoy does.");
        syntax.operands("SCENARIO", 0, words)
                .description("Scenarios to explain, or words to search for: scenarios that contain all of the words"
                        + " are listed. Default: list all.");
        syntax.repeated("--flag", "FLAG", String.class, flags)
                .description("List scenarios for which Envoy logs this response flag, for example UC.");
        syntax.repeated("--status", "STATUS", Integer.class, statuses)
                .description("List scenarios for which Envoy logs this status, for example 503; 0 means none.");
        output.addTo(syntax);
    }

    @Override
    public Integer call() {
        var catalogue = new Catalogue();
        boolean explained = !words.isEmpty()
                && words.stream().anyMatch(word -> catalogue.find(word).isPresent());
        if (explained && !(flags.isEmpty() && statuses.isEmpty())) {
            throw misuse("--flag and --status list scenarios; leave out the scenario's name");
        }
        var scenarios = explained ? scenarios(words) : listed(catalogue);
        var out = out();
        switch (output.format) {
            case JSON -> scenarios.forEach(scenario -> out.println(ScenarioJson.of(scenario)));
            case TEXT -> {
                var text = new ScenarioText(out);
                if (explained) {
                    scenarios.forEach(text::explain);
                } else {
                    text.list(scenarios);
                }
            }
        }
        return Main.CLEAN;
    }

    private List<Scenario> listed(Catalogue catalogue) {
        var found = catalogue.all().stream()
                .filter(each -> words.stream().allMatch(word -> text(each).contains(word.toLowerCase(Locale.ROOT))))
                .filter(each -> flags.isEmpty() || flags.stream().anyMatch(flag -> logs(each, flag)))
                .filter(each -> statuses.isEmpty()
                        || statuses.contains(each.expectation().status()))
                .toList();
        if (found.isEmpty() && words.size() == 1 && flags.isEmpty() && statuses.isEmpty()) {
            // It was meant as a name.
            return scenarios(words);
        }
        if (found.isEmpty()) {
            throw misuse("no scenario matches; without arguments, all are listed");
        }
        return found;
    }

    /** All of its text, for a search. */
    private static String text(Scenario scenario) {
        return String.join(
                        " ",
                        scenario.name(),
                        scenario.family(),
                        scenario.sentence(),
                        scenario.breaks().map(BrokenRule::text).orElse(""),
                        scenario.fix().orElse(""),
                        scenario.expectation().inShort(),
                        scenario.expectation().details(),
                        scenario.expectation().codecMessage().orElse(""))
                .toLowerCase(Locale.ROOT);
    }

    private static boolean logs(Scenario scenario, String flag) {
        return List.of(scenario.expectation().flags().split(",", -1)).contains(flag.toUpperCase(Locale.ROOT));
    }
}
