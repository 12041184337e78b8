// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import upstreamreset.testing.Cli;
import upstreamreset.testing.SignalledProcess;

/** The app as a real process in the name of a Pod, and what its log tells. */
final class Candidate implements AutoCloseable {
    private static final Pattern LINE = Pattern.compile("(\\S+) +[A-Z]+ +\\S+: (.*)");
    private static final Pattern LISTENING = Pattern.compile("Listening on (\\S+)");

    /** A line of its log. */
    record Said(long millis, String text) {}

    private final String name;
    private final SignalledProcess process;

    private Candidate(String name, SignalledProcess process) {
        this.name = name;
        this.process = process;
    }

    /** Starts it at 3/2/0.5 s; {@code environment} wins. */
    static Candidate start(
            ElectionCluster cluster, String pod, String uid, Path folder, Map<String, String> environment) {
        var settings = new HashMap<>(Map.of(
                "KUBECONFIG", cluster.kubeconfig(pod).toString(),
                "HOSTNAME", pod,
                "POD_UID", uid,
                "POD_NAMESPACE", "default",
                "LEASE_DURATION", "3",
                "RENEWAL_DEADLINE", "2",
                "RETRY_PERIOD", "0.5",
                "MESH_URL", "http://127.0.0.1:1"));
        settings.putAll(environment);
        try {
            var log = Files.createTempFile(folder, pod + "-", ".log");
            return new Candidate(
                    pod,
                    SignalledProcess.start(
                            log, settings, Cli.jarCommand("serve", "--port", "0", "--lame-duck", "0", "--drain", "1")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    SignalledProcess process() {
        return process;
    }

    List<Said> log() {
        try {
            var said = new ArrayList<Said>();
            for (var line : Files.readAllLines(process.log())) {
                var match = LINE.matcher(line);
                if (match.matches()) {
                    said.add(new Said(
                            OffsetDateTime.parse(match.group(1)).toInstant().toEpochMilli(), match.group(2)));
                }
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When it said this. */
    List<Long> times(String text) {
        return log().stream()
                .filter(said -> said.text().equals(text))
                .map(Said::millis)
                .toList();
    }

    List<Long> starts() {
        return times("Became leader: " + name);
    }

    List<Long> ticks() {
        return log().stream()
                .filter(said -> said.text().startsWith("Performing leader tasks..."))
                .map(Said::millis)
                .toList();
    }

    void awaitSaid(String part, Duration atMost) {
        await(name + " to say \"" + part + "\"; its log is " + process.log())
                .atMost(atMost)
                .until(() -> log().stream().anyMatch(said -> said.text().contains(part)));
    }

    /** Where it serves, once it does. */
    String url() {
        awaitSaid("Listening on", Duration.ofSeconds(60));
        for (var said : log()) {
            var match = LISTENING.matcher(said.text());
            if (match.find()) {
                return match.group(1);
            }
        }
        throw new AssertionError("unreachable");
    }

    @Override
    public void close() {
        process.close();
    }
}
