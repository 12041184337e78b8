// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.page.Story;
import upstreamreset.page.StoryPage;
import upstreamreset.scenario.Catalogue;
import upstreamreset.server.ServeOptions;
import upstreamreset.testing.Chromium;
import upstreamreset.testing.RealParts;

/** Makes the pictures of README and docs from real runs; only for {@code scripts/screenshots}, which names the folder. */
@EnabledIfSystemProperty(named = "screenshots", matches = ".+")
class ScreenshotsIT {
    private static final Path INTO = Path.of(System.getProperty("screenshots", ""));

    @TempDir
    Path folder;

    @Test
    void takesThem() throws Exception {
        Files.createDirectories(INTO);
        var scenarios = Stream.of("wrong", "correct")
                .map(name -> new Catalogue().find(name).orElseThrow())
                .toList();
        var app = ServeOptions.onFreePort().withStream(5, Duration.ofMillis(20));
        try (var lab = Lab.start(RealParts.envoy(), new Lab.Options(true, app), scenarios)) {
            report(lab);
        }
        try (var lab = Lab.start(RealParts.envoy(), new Lab.Options(false, app), scenarios)) {
            page(lab, "light", 1200, 1000);
            page(lab, "dark", 1200, 1000);
            page(lab, "phone", 360, 800);
        }
    }

    private void report(Lab lab) throws Exception {
        var stories = new ArrayList<Story>();
        for (var name : List.of("wrong", "correct")) {
            stories.add(ReproductionStory.of(
                    lab.reproduce(new Catalogue().find(name).orElseThrow())));
        }
        var file = folder.resolve("report.html");
        StoryPage.write(file, "upstream-reset reproduce", "Envoy " + lab.envoyVersion(), stories);
        try (var browser = new Chromium(folder, file)) {
            browser.resize(1200, 1000);
            Files.write(INTO.resolve("report.png"), browser.picture());
        }
    }

    private void page(Lab lab, String name, int width, int height) throws Exception {
        var wrong = new Catalogue().find("wrong").orElseThrow();
        try (var browser = new Chromium(folder, lab.uri(wrong).resolve("/"))) {
            browser.resize(width, height);
            browser.colours(name.equals("dark") ? "dark" : "light");
            browser.await("document.querySelectorAll('.scenarios > li').length > 100");
            browser.value("document.querySelector('#s-correct button').click()");
            browser.await("document.querySelector('#s-correct .detail') !== null");
            browser.value("document.querySelector('#s-correct .detail').remove()");
            browser.value("document.querySelector('#s-wrong button').click()");
            browser.await("document.querySelector('#s-wrong .detail mark') !== null");
            browser.value("window.scrollTo(0, 0)");
            Files.write(INTO.resolve("page-" + name + ".png"), browser.picture());
            browser.await("document.querySelectorAll('#answers li').length > 1");
            browser.value("document.querySelector('#answers details').open = true");
            browser.value("document.getElementById('live').scrollIntoView({behavior: 'instant'})");
            Files.write(INTO.resolve("live-" + name + ".png"), browser.picture());
        }
    }
}
