// SPDX-License-Identifier: Apache-2.0
package upstreamreset.site;

import java.util.List;
import upstreamreset.scenario.Scenario;

/**
 * The catalogue as a page without a script: each scenario with a link to its page, and to its raw bytes if they are
 * served.
 */
public final class CataloguePage {
    private CataloguePage() {}

    public static String of(List<Scenario> scenarios) {
        return SitePage.of("Scenarios · upstream-reset", html -> {
            html.open("header")
                    .open("p")
                    .open("a")
                    .attribute("href", "/")
                    .text("upstream-reset")
                    .close("a")
                    .close("p");
            html.element("h1", "Scenarios");
            html.element(
                    "p",
                    "The name leads to the page about a scenario, raw to exactly its bytes; behind it stands what Envoy makes of them.");
            html.close("header").line().open("main").line();
            var family = "";
            for (var scenario : scenarios) {
                if (!scenario.family().equals(family)) {
                    html.text("").text(family.isEmpty() ? "" : "\n");
                    if (!family.isEmpty()) {
                        html.close("ul").line();
                    }
                    family = scenario.family();
                    html.element("h2", family.replace('-', ' '))
                            .open("ul")
                            .attribute("class", "plain")
                            .line();
                }
                html.open("li").open("a").attribute("href", "/scenarios/" + scenario.name() + "/about");
                html.text(scenario.name()).close("a").text(" ");
                if (scenario.livePath().isPresent()) {
                    html.open("a").attribute("href", scenario.path());
                    html.attribute("aria-label", "raw bytes of " + scenario.name())
                            .text("raw")
                            .close("a")
                            .text(" ");
                }
                html.text(scenario.sentence() + " ")
                        .open("span")
                        .attribute(
                                "class",
                                "chip " + scenario.expectation().outcome().text());
                html.text(scenario.expectation().inShort())
                        .close("span")
                        .close("li")
                        .line();
            }
            html.close("ul").close("main").line();
        });
    }
}
