// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import upstreamreset.process.Program;

/** HAProxy in front of the app, in HTTP mode with its defaults. */
record Haproxy(Program program) implements ProxyKind {
    private static final Pattern VERSION = Pattern.compile("(?i)ha-?proxy version ([0-9]+(\\.[0-9]+)*)");

    static Haproxy find(Map<String, String> environment) throws IOException, InterruptedException {
        return new Haproxy(Program.find("haproxy", environment, List.of("-v"), VERSION));
    }

    @Override
    public String config(Path folder, List<Way> ways) {
        var config = new StringBuilder("""
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                """);
        for (int i = 0; i < ways.size(); i++) {
            var way = ways.get(i);
            config.append("listen way%d%n  bind unix@%s%n".formatted(i, way.socket()))
                    .append("  http-response set-header %s yes%n".formatted(FROM_APP))
                    .append("  server app 127.0.0.1:%d%n".formatted(way.port()));
        }
        return config.toString();
    }

    @Override
    public List<String> command(Path folder, Path file) {
        return List.of(program.path().toString(), "-db", "-f", file.toString());
    }
}
