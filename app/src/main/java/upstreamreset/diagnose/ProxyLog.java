// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import upstreamreset.accesslog.LogReader;
import upstreamreset.explain.IstioVersion;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.output.JsonTree;
import upstreamreset.pod.EnvoyAdmin;
import upstreamreset.pod.Pod;
import upstreamreset.pod.Sidecar;

/** Reads the log of a Pod's own proxy in the format that it has, and says why it tells nothing where it does not. */
record ProxyLog(KubeApi api, Pod pod, LogReader format) {
    private static final String LISTENERS = "/config_dump?resource=dynamic_listeners";

    /** A sidecar's listener for what goes to its app. */
    private static final String INBOUND = "&name_regex=virtualInbound";

    /** More lines that are no request's than a proxy writes of itself. */
    private static final int MAX_OF_ITSELF = 100;

    /**
     * A log.
     *
     * @param format reads its lines
     * @param listeners the proxy's configuration of them, where it was asked for and told
     */
    record Read(SidecarLog log, LogReader format, Optional<JsonNode> listeners) {
        static Read unread(Duration since, String why, LogReader format) {
            return new Read(SidecarLog.unread(since, why), format, Optional.empty());
        }
    }

    LogReading reading(LogReader reader) {
        return new LogReading(
                api,
                pod,
                reader,
                pod.sidecar()
                        .flatMap(Sidecar::version)
                        .flatMap(IstioVersion::parse)
                        .orElse(IstioVersion.UNKNOWN));
    }

    /** In the given format; in a mesh that changed it, in the one that the proxy's configuration has. */
    Read read(Duration since) throws InterruptedException {
        if (pod.sidecar().isEmpty() || !format.readsDefaults()) {
            return new Read(reading(format).read(since), format, Optional.empty());
        }
        // A gateway's configuration is long.
        boolean first = !isGateway();
        var listeners = first ? listeners() : Optional.<JsonNode>empty();
        var own = listeners.flatMap(OwnFormat::of);
        var log = reading(own.orElse(format)).read(since);
        if (log.requests() > 0 || log.problem().isPresent()) {
            return new Read(log, own.orElse(format), listeners);
        }
        if (!first) {
            listeners = listeners();
        }
        var other = first ? own.map(_ -> format) : listeners.flatMap(OwnFormat::of);
        if (other.isEmpty()) {
            return new Read(log, format, listeners);
        }
        var again = reading(other.get()).read(since);
        return again.requests() > 0
                ? new Read(again, other.get(), listeners)
                : new Read(log, own.or(() -> other).get(), listeners);
    }

    private boolean isGateway() {
        return pod.sidecar().filter(each -> each.role() == Sidecar.Role.SIDECAR).isEmpty();
    }

    /** Says why the log is empty, where it is; {@code lineMissing} that our own question's line did not come. */
    SidecarLog explained(Read read, boolean lineMissing) throws InterruptedException {
        var log = read.log();
        if (pod.sidecar().isEmpty() || log.problem().isPresent() || log.requests() > 0) {
            return log;
        }
        if (log.foreign() > MAX_OF_ITSELF) {
            return log.because(
                    "it has lines, and none in a format that is known; give your accessLogFormat with --format");
        }
        var listeners = read.listeners().isPresent() ? read.listeners() : listeners();
        if (listeners.isPresent()) {
            var problem = LogReading.accessLogProblem(listeners.get());
            return problem.map(log::because)
                    .orElseGet(() -> lineMissing
                            ? log.because(
                                    "none of its lines is in a format that is known; give your accessLogFormat with --format")
                            : log);
        }
        return lineMissing ? log.because("its access log is off, or in a format that is not known") : log;
    }

    /** What is not known is not said. */
    private Optional<JsonNode> listeners() throws InterruptedException {
        try {
            var reply = new EnvoyAdmin(api, pod).ask("GET", isGateway() ? LISTENERS : LISTENERS + INBOUND);
            return reply.successful() ? Optional.of(JsonTree.read(reply.text())) : Optional.empty();
        } catch (ApiException | IOException | JacksonException e) {
            return Optional.empty();
        }
    }
}
