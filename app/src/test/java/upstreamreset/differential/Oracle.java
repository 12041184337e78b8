// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import upstreamreset.envoy.EnvoyBootstrap;
import upstreamreset.envoy.EnvoyProcess;
import upstreamreset.envoy.Sidecar;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.RequestContext;
import upstreamreset.scenario.ConfigEdit;
import upstreamreset.testing.RealParts;
import upstreamreset.wire.Bytes;

/** A real Envoy that gives its verdict on many trials at once, identified by a number in each request. */
final class Oracle implements AutoCloseable {
    /** The request field that holds a trial's number. */
    static final String NUMBER = "x-trial";

    /** The listener that forwards CONNECT, as CONNECT: istiod's own has no route for it. */
    private static final String CONNECT = "connect";

    private static final int AT_ONCE = 500;
    private static final int BATCH = 1_700;
    private static final int ATTEMPTS = 3;
    private static final int CLIENT_TIMEOUT_MILLIS = 30_000;
    private static final Duration LOG_TIMEOUT = Duration.ofSeconds(30);
    private static final String LOG = "%REQ(" + NUMBER
            + ")% %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %UPSTREAM_CONNECTION_ID%\\n";

    private static final Pattern LINE = Pattern.compile("(\\d{1,9}) (\\d{1,5}) (\\S+) (\\S+) (\\d+|-)");

    private final Origin origin;
    private final EnvoyProcess envoy;
    private int next;

    Oracle(String version) throws IOException, InterruptedException {
        origin = new Origin();
        var app = new Sidecar.App(origin.address());
        var edits = List.of(
                // The timeouts turn a hang into a result; a tunnel has no route timeout.
                new ConfigEdit(ConfigEdit.Part.ROUTE, "{\"route\":{\"timeout\":\"2s\",\"maxStreamDuration\":null}}"),
                new ConfigEdit(ConfigEdit.Part.CONNECTION_MANAGER, """
                        {"streamIdleTimeout":"4s",
                         "accessLog":[{"name":"envoy.access_loggers.file","typedConfig":{
                          "@type":"type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
                          "path":"/dev/stdout","logFormat":{"textFormatSource":{"inlineString":"%s"}}}}]}
                        """.formatted(LOG)),
                // No trial sees another's bytes on a connection.
                new ConfigEdit(ConfigEdit.Part.CLUSTER, """
                        {"typedExtensionProtocolOptions":{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions":{
                          "@type":"type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                          "commonHttpProtocolOptions":{"maxRequestsPerConnection":1},
                          "explicitHttpConfig":{"httpProtocolOptions":{}}}}}
                        """));
        var sidecar = new Sidecar(Sidecar.INBOUND, app, edits);
        var forConnect = new ArrayList<>(edits);
        forConnect.add(new ConfigEdit(ConfigEdit.Part.ROUTE, "{\"match\":{\"prefix\":null,\"connectMatcher\":{}}}"));
        forConnect.add(new ConfigEdit(
                ConfigEdit.Part.CONNECTION_MANAGER, "{\"upgradeConfigs\":[{\"upgradeType\":\"CONNECT\"}]}"));
        var connect = new Sidecar(CONNECT, app, forConnect);
        envoy = EnvoyProcess.start(RealParts.envoy(version), new EnvoyBootstrap(List.of(sidecar, connect)));
    }

    /** Sends all trials through Envoy; returns the observations in the same order. */
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

    /**
     * Log lines may be torn, because Envoy's two logs share a pipe and a write into a full pipe is split. A trial without its
     * line is repeated.
     */
    private List<Observation> batch(List<Trial> trials) throws IOException, InterruptedException {
        var observations = new HashMap<Trial, Observation>();
        var unanswered = trials;
        for (int i = 0; i < ATTEMPTS && !unanswered.isEmpty(); i++) {
            attempt(unanswered).forEach(observation -> observations.put(observation.trial(), observation));
            unanswered = trials.stream()
                    .filter(trial -> !observations.containsKey(trial))
                    .toList();
        }
        return trials.stream()
                .map(trial -> Objects.requireNonNull(observations.get(trial), "no access-log line"))
                .toList();
    }

    private List<Observation> attempt(List<Trial> trials) throws IOException, InterruptedException {
        int first = next;
        next += trials.size() + 1;
        int mark = envoy.output().mark();
        var clients = clients(trials, first);
        // When its line is logged, the lines of all trials before it are.
        int last = next - 1;
        ask(
                last,
                new Trial(
                        RequestContext.of("GET"),
                        List.of(Bytes.latin1("HTTP/1.1 204 No Content\r\n\r\n")),
                        CloseReason.FIN));
        envoy.output().awaitAccessLog(mark, line -> line.startsWith(last + " "), LOG_TIMEOUT);
        var messages = new HashMap<String, String>();
        for (var message : envoy.output().codecMessages(mark)) {
            message.reason().ifPresent(text -> messages.put(Long.toString(message.connection()), text));
        }
        var observations = new ArrayList<Observation>();
        for (var text : envoy.output().accessLog(mark)) {
            var line = LINE.matcher(text);
            int trial = line.matches() ? Integer.parseInt(line.group(1)) - first : -1;
            if (trial >= 0 && trial < trials.size()) {
                observations.add(new Observation(
                        trials.get(trial),
                        Integer.parseInt(line.group(2)),
                        line.group(3),
                        line.group(4),
                        messages.getOrDefault(line.group(5), ""),
                        clients.get(trial)));
            }
        }
        return observations;
    }

    private List<String> clients(List<Trial> trials, int first) throws IOException, InterruptedException {
        var gate = new Semaphore(AT_ONCE);
        var clients = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var exchanges = new ArrayList<Future<String>>();
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
                exchanges.add(threads.submit(call));
            }
            for (var answer : exchanges) {
                clients.add(answer.get());
            }
        } catch (ExecutionException e) {
            throw new IOException("a request to Envoy failed: " + e.getCause(), e.getCause());
        }
        return clients;
    }

    /** Requests a trial as a client does, and returns the bytes that came. */
    private String ask(int number, Trial trial) throws IOException {
        origin.offer(number, trial);
        try (var socket = new Socket()) {
            socket.setSoTimeout(CLIENT_TIMEOUT_MILLIS);
            boolean connect = trial.request().method().equals("CONNECT");
            socket.connect(connect ? envoy.listener(CONNECT) : envoy.inbound());
            socket.getOutputStream().write(request(number, trial.request()).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String request(int number, RequestContext context) {
        var target = context.method().equals("CONNECT") ? "trial:80" : "/trial";
        var connection = context.upgrade() ? "close, Upgrade\r\nUpgrade: websocket" : "close";
        return "%s %s HTTP/1.1\r\nHost: trial\r\n%s: %d\r\nConnection: %s\r\n\r\n"
                .formatted(context.method(), target, NUMBER, number, connection);
    }

    @Override
    public void close() throws IOException {
        envoy.close();
        origin.close();
    }
}
