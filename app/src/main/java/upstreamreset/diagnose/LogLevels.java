// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.output.ShellWord;
import upstreamreset.pod.EnvoyAdmin;
import upstreamreset.pod.Pod;

/**
 * Raises log levels of one sidecar and restores each changed level once, whichever caller comes first. Levels that
 * somebody else had already raised stay unchanged.
 */
public final class LogLevels {
    private static final Duration MAX_ATTEMPT = Duration.ofSeconds(6);
    private static final String SILENCE = "the API server does not answer in time";
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final List<String> ORDER = List.of("trace", "debug", "info", "warning", "error", "critical", "off");

    /** These may not take several loggers at once. */
    private static final Pattern OLD = Pattern.compile("1\\.(?:1?\\d|2[0-6])\\..*");

    private final EnvoyAdmin admin;
    private final Map<String, String> wanted;
    private final Map<String, String> before;
    private boolean raised;
    private boolean over;

    private LogLevels(EnvoyAdmin admin, Map<String, String> wanted, Map<String, String> before) {
        this.admin = admin;
        this.wanted = wanted;
        this.before = before;
    }

    /**
     * Reads the levels as they are, and changes nothing.
     *
     * @throws IOException when they cannot be raised; the message says why
     */
    static LogLevels of(EnvoyAdmin admin, boolean fields) throws ApiException, IOException, InterruptedException {
        var now = read(admin);
        var wanted = new LinkedHashMap<String, String>();
        if (now.containsKey("client")) {
            wanted.put("client", "debug");
            if (fields) {
                wanted.put("http", "trace");
            }
        } else {
            // Fine-grain logging names files.
            put(now, wanted, "/codec_client.cc", "debug");
            if (fields) {
                put(now, wanted, "/http1/codec_impl.cc", "trace");
                put(now, wanted, "/conn_manager_impl.cc", "debug");
            }
        }
        if (wanted.isEmpty()) {
            throw new IOException("its Envoy has no logger 'client'"
                    + (now.isEmpty() ? "" : " (fine-grain logging, and nothing of it has logged yet)"));
        }
        var before = new LinkedHashMap<String, String>();
        wanted.forEach((logger, level) -> {
            var was = now.getOrDefault(logger, "");
            if (ORDER.indexOf(was) > ORDER.indexOf(level)) {
                before.put(logger, was);
            }
        });
        if (!before.isEmpty()
                && !now.containsKey("client")
                && now.values().stream().distinct().count() > 1) {
            throw new IOException(
                    "its Envoy logs fine-grain, and single files have levels of their own, which a change would undo");
        }
        return new LogLevels(admin, wanted, before);
    }

    private static void put(Map<String, String> now, Map<String, String> wanted, String file, String level) {
        now.keySet().stream()
                .filter(each -> each.endsWith(file))
                .findFirst()
                .ifPresent(each -> wanted.put(each, level));
    }

    private static Map<String, String> read(EnvoyAdmin admin) throws ApiException, IOException, InterruptedException {
        var reply = admin.ask("POST", "/logging");
        if (!reply.successful()) {
            throw new IOException("its Envoy answered " + reply.status() + " to POST /logging");
        }
        return parse(reply.text());
    }

    /** Lines such as {@code   client: warning}. */
    static Map<String, String> parse(String list) {
        return list.lines()
                .map(String::strip)
                .map(line -> line.split(": ", 2))
                .filter(parts -> parts.length == 2 && ORDER.contains(parts[1]))
                .collect(Collectors.toMap(
                        parts -> parts[0], parts -> parts[1], (one, other) -> one, LinkedHashMap::new));
    }

    /** The planned changes, as {@code logger: before → then}; empty if somebody else has already raised all levels. */
    List<String> changes() {
        return before.entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue() + " → " + wanted.get(each.getKey()))
                .toList();
    }

    /**
     * The command that restores the levels by hand; empty if nothing is to be changed.
     *
     * @param envoy its version; empty if unknown
     */
    Optional<String> restoringCommand(Pod pod, String envoy) {
        var requests = OLD.matcher(envoy).matches()
                ? before.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .toList()
                : List.of(query(before));
        return before.isEmpty()
                ? Optional.empty()
                : Optional.of(requests.stream()
                        .map(each -> "kubectl -n %s exec %s -c istio-proxy -- pilot-agent request POST %s"
                                .formatted(pod.namespace(), pod.name(), ShellWord.quoted("logging?" + each)))
                        .collect(Collectors.joining(" && ")));
    }

    private static String query(Map<String, String> levels) {
        return "paths="
                + levels.entrySet().stream()
                        .map(each -> each.getKey() + ":" + each.getValue())
                        .collect(Collectors.joining(","));
    }

    /** Changes them. */
    synchronized void raise() throws ApiException, IOException, InterruptedException {
        if (over) {
            throw new IOException("it is ending");
        }
        if (before.isEmpty()) {
            return;
        }
        raised = true;
        var levels = new LinkedHashMap<String, String>();
        before.keySet().forEach(each -> levels.put(each, wanted.getOrDefault(each, "debug")));
        set(levels);
    }

    /** Before Envoy 1.26 it took one logger at a time, as a parameter of its name. */
    private void set(Map<String, String> levels) throws ApiException, IOException, InterruptedException {
        var reply = admin.ask("POST", "/logging?" + query(levels));
        if (reply.successful()) {
            return;
        }
        for (var each : levels.entrySet()) {
            var single = admin.ask("POST", "/logging?" + each.getKey() + "=" + each.getValue());
            if (!single.successful()) {
                throw new IOException("its Envoy answered " + single.status() + " to POST /logging");
            }
        }
    }

    /**
     * Restores the raised levels, if any; retries until {@code atMost} is over, also where the API server does not answer at all.
     *
     * @return why it could not, one sentence; empty if everything is restored
     */
    synchronized Optional<String> restore(Duration atMost) {
        // A signal may come before they are raised: then they must not be raised behind it.
        over = true;
        if (!raised) {
            return Optional.empty();
        }
        long until = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        Optional<String> why = Optional.empty();
        do {
            try {
                if (why.isPresent()) {
                    Thread.sleep(PAUSE);
                }
                var failure = attempt(Duration.ofNanos(Math.min(until - System.nanoTime(), MAX_ATTEMPT.toNanos())));
                raised = failure.isPresent();
                // The last attempt may have no time left to fail for its reason.
                why = failure.isPresent() && why.isPresent() && !failure.equals(why) && SILENCE.equals(failure.get())
                        ? why
                        : failure;
            } catch (InterruptedException e) {
                // Restoring comes before ending: the interrupt is put back below.
                interrupted = true;
                why = Optional.of("interrupted");
            }
        } while (raised && System.nanoTime() < until);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return why.filter(_ -> raised);
    }

    private Optional<String> attempt(Duration atMost) throws InterruptedException {
        var attempt = new FutureTask<Optional<String>>(() -> {
            try {
                set(before);
                return Optional.empty();
            } catch (ApiException | IOException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        });
        Thread.ofVirtual().start(attempt);
        try {
            return attempt.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Optional.of(SILENCE);
        } catch (ExecutionException e) {
            return Optional.of(String.valueOf(e.getCause()));
        } finally {
            attempt.cancel(true);
        }
    }

    /** Whether somebody else lowered the levels while they should have been raised. */
    boolean disturbed() throws InterruptedException {
        try {
            var now = read(admin);
            return wanted.entrySet().stream()
                    .anyMatch(each ->
                            ORDER.indexOf(now.getOrDefault(each.getKey(), "")) > ORDER.indexOf(each.getValue()));
        } catch (ApiException | IOException e) {
            return false;
        }
    }
}
