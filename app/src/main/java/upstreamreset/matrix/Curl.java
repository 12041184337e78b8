// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import upstreamreset.process.Program;
import upstreamreset.scenario.Request;
import upstreamreset.scenario.Scenario;

/** curl directly to the app, without the user's configuration and proxies. */
record Curl(Program program, Origins origins) implements HttpImplementation {
    private static final Pattern VERSION = Pattern.compile("curl ([0-9]+(\\.[0-9]+)*)");

    static Curl find(Map<String, String> environment, Origins origins) throws IOException, InterruptedException {
        return new Curl(Program.find("curl", environment, List.of("--version"), VERSION), origins);
    }

    @Override
    public String title() {
        return "curl " + program.version();
    }

    @Override
    public Optional<String> cannot(Request request) {
        return HttpImplementation.super
                .cannot(request)
                .or(() -> request.gap().isZero()
                        ? Optional.empty()
                        : Optional.of("curl does not wait between two requests"));
    }

    @Override
    public ObservedResponse ask(Scenario scenario) throws IOException, InterruptedException {
        var request = scenario.request();
        var command = new ArrayList<>(List.of(
                program.path().toString(),
                "--disable", // must come first: no ~/.curlrc
                "--silent",
                "--show-error",
                "--http1.1",
                "--noproxy",
                "*",
                "--max-time",
                Long.toString(PATIENCE.toSeconds()),
                "--write-out",
                "%{stderr}\nstatus=%{http_code}\n"));
        if (request.method().equals("HEAD")) {
            command.addAll(List.of("--head", "--output", "/dev/null"));
        } else if (request.bodyBytes() > 0) {
            command.addAll(List.of("--request", request.method(), "--data-binary", "@-"));
        }
        var uri = origins.uri(scenario);
        for (int i = 1; i < request.times(); i++) {
            command.addAll(List.of("--output", "/dev/null", uri));
        }
        command.add(uri);
        return ClientProcess.run(command, request.body());
    }
}
