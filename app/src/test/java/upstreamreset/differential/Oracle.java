// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import upstreamreset.envoy.EnvoyBootstrap;
import upstreamreset.envoy.EnvoyProcess;
import upstreamreset.envoy.Sidecar;
import upstreamreset.framing.Asked;
import upstreamreset.framing.ConnectionEnd;
import upstreamreset.testing.RealParts;
import upstreamreset.wire.Bytes;

/** A real Envoy that says what it makes of trials: many at once, told apart by a number in each request. */
final class Oracle implements AutoCloseable {
    /** The field with a trial's number. */
    static final String NUMBER = "x-trial";

    /** The listener that forwards CONNECT, as CONNECT: istiod's own has no route for it. */
    private static final String CONNECT = "connect";

    private static final int AT_ONCE = 500;
    private static final int BATCH = 1_700;
    private static final int CLIENT_TIMEOUT_MILLIS = 30_000;
    private static final Duration LOG_TIMEOUT = Duration.ofSeconds(30);
    private static final String LOG = "%REQ(" + NUMBER
            + ")% %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %UPSTREAM_CONNECTION_ID%\\n";

    private final Origin origin;
    private final EnvoyProcess envoy;
    private int next;

    Oracle(String version) throws IOException, InterruptedException {
        origin = new Origin();
        var sidecar = Sidecar.inbound(origin.address())
                // What would hang for ever is told from what is only slow; a tunnel knows no route timeout.
                .with(Sidecar.Part.ROUTE, "{\"route\":{\"timeout\":\"2s\",\"maxStreamDuration\":null}}")
                .with(Sidecar.Part.CONNECTION_MANAGER, """
                        {"streamIdleTimeout":"4s",
                         "accessLog":[{"name":"envoy.access_loggers.file","typedConfig":{
                          "@type":"type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
                          "path":"/dev/stdout","logFormat":{"textFormatSource":{"inlineString":"%s"}}}}]}
                        """.formatted(LOG))
                // No trial sees what another left on a connection.
                .with(Sidecar.Part.CLUSTER, """
                        {"typedExtensionProtocolOptions":{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions":{
                          "@type":"type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                          "commonHttpProtocolOptions":{"maxRequestsPerConnection":1},
                          "explicitHttpConfig":{"httpProtocolOptions":{}}}}}
                        """);
        var connect = sidecar.named(CONNECT)
                .with(Sidecar.Part.ROUTE, "{\"match\":{\"prefix\":null,\"connectMatcher\":{}}}")
                .with(Sidecar.Part.CONNECTION_MANAGER, "{\"upgradeConfigs\":[{\"upgradeType\":\"CONNECT\"}]}");
        envoy = EnvoyProcess.start(RealParts.envoy(version), new EnvoyBootstrap(List.of(sidecar, connect)));
    }

    /** Sends all trials through Envoy; the answers are in the same order. */
    List<Observation> observe(List<Trial> trials) throws IOException, InterruptedException {
        var all = new ArrayList<Observation>();
        for (int i = 0; i < trials.size(); i += BATCH) {
            all.addAll(batch(trials.subList(i, Math.min(trials.size(), i + BATCH))));
        }
        return all;
    }

    Observation observe(Trial trial) throws IOException, InterruptedException {
        return batch(List.of(trial)).getFirst();
    }

    private List<Observation> batch(List<Trial> trials) throws IOException, InterruptedException {
        int first = next;
        next += trials.size() + 1;
        int mark = envoy.output().mark();
        var clients = clients(trials, first);
        // Behind its line stands everything that Envoy had to say of the others.
        ask(
                next - 1,
                new Trial(
                        Asked.of("GET"), List.of(Bytes.latin1("HTTP/1.1 204 No Content\r\n\r\n")), ConnectionEnd.FIN));
        var lines = new HashMap<String, String[]>();
        for (var line : envoy.output().awaitAccessLog(mark, trials.size() + 1, LOG_TIMEOUT)) {
            var words = line.split(" ", 5);
            lines.put(words[0], words);
        }
        var messages = new HashMap<String, String>();
        for (var message : envoy.output().codecMessages(mark)) {
            message.reason().ifPresent(text -> messages.put(Long.toString(message.connection()), text));
        }
        var observations = new ArrayList<Observation>();
        for (int i = 0; i < trials.size(); i++) {
            var words = Objects.requireNonNull(lines.get(Integer.toString(first + i)), "no access-log line");
            observations.add(observation(trials.get(i), words, messages, clients.get(i)));
        }
        return observations;
    }

    private static Observation observation(Trial trial, String[] words, Map<String, String> messages, String received) {
        return new Observation(
                trial, Integer.parseInt(words[1]), words[2], words[3], messages.getOrDefault(words[4], ""), received);
    }

    private List<String> clients(List<Trial> trials, int first) throws IOException, InterruptedException {
        var gate = new Semaphore(AT_ONCE);
        var clients = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Future<String>>();
            for (int i = 0; i < trials.size(); i++) {
                int number = first + i;
                var trial = trials.get(i);
                gate.acquire();
                Callable<String> call = () -> {
                    try {
                        return ask(number, trial);
                    } finally {
                        gate.release();
                    }
                };
                asked.add(threads.submit(call));
            }
            for (var answer : asked) {
                clients.add(answer.get());
            }
        } catch (ExecutionException e) {
            throw new IOException("a request to Envoy failed: " + e.getCause(), e.getCause());
        }
        return clients;
    }

    /** Asks for a trial as a client does, and returns what came. */
    private String ask(int number, Trial trial) throws IOException {
        origin.offer(number, trial);
        try (var socket = new Socket()) {
            socket.setSoTimeout(CLIENT_TIMEOUT_MILLIS);
            boolean connect = trial.asked().method().equals("CONNECT");
            socket.connect(connect ? envoy.listener(CONNECT) : envoy.inbound());
            socket.getOutputStream().write(request(number, trial.asked()).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String request(int number, Asked asked) {
        var target = asked.method().equals("CONNECT") ? "trial:80" : "/trial";
        var connection = asked.upgrade() ? "close, Upgrade\r\nUpgrade: websocket" : "close";
        return "%s %s HTTP/1.1\r\nHost: trial\r\n%s: %d\r\nConnection: %s\r\n\r\n"
                .formatted(asked.method(), target, NUMBER, number, connection);
    }

    @Override
    public void close() throws IOException {
        envoy.close();
        origin.close();
    }
}
