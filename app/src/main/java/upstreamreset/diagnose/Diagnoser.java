// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import upstreamreset.accesslog.LogReader;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;
import upstreamreset.pod.AppPort;
import upstreamreset.pod.Pod;
import upstreamreset.pod.Right;
import upstreamreset.pod.Rights;
import upstreamreset.pod.Selection;
import upstreamreset.pod.Sidecar;

/**
 * Diagnoses a Pod: looks at it, reads its log, asks past the sidecar and through it, and concludes. In the cluster it
 * changes only the log levels of one sidecar, if the question says so, and restores them.
 *
 * @param selection the Pod, of those that the user named
 * @param service the Service that the user named, if any
 * @param format of the access log
 * @param envoyVersion the version to model if the sidecar does not report its own
 * @param commands how the commands to run next begin
 */
public record Diagnoser(
        KubeApi api,
        Selection selection,
        Optional<String> service,
        LogReader format,
        String envoyVersion,
        Commands commands,
        Watcher watcher) {
    private Pod pod() {
        return selection.pod();
    }

    /**
     * Answers the question.
     *
     * @throws IllegalArgumentException where it does not fit the Pod; the message is one sentence
     */
    public Diagnosis diagnose(Question question) throws InterruptedException {
        var left = new LeftRaised(watcher);
        var diagnosis = answer(question, left);
        return left.command()
                .map(command -> diagnosis.with(diagnosis.conclusion().levelsLeft(command)))
                .orElse(diagnosis);
    }

    private Diagnosis answer(Question question, Watcher told) throws InterruptedException {
        var pod = pod();
        long begin = System.nanoTime();
        var missing = missing(question);
        if (!missing.isEmpty()) {
            told.waiting(NotPermitted.sentence(missing, pod.namespace()));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var looking = threads.submit(() -> new Looker(api, selection, service).look(question));
            var own = new ProxyLog(api, pod, format);
            var reading = threads.submit(() -> missing.contains(NotPermitted.LOG)
                    ? ProxyLog.Read.unread(question.since(), NotPermitted.to(List.of(NotPermitted.LOG)), format)
                    : own.read(question.since()));
            var look = result(looking);
            var read = result(reading);
            var asked = question.path().isEmpty() || look.port().isEmpty()
                    ? BothWays.notAsked(look)
                    : new BothWays(api, look, question, missing, envoyVersion, commands, told).ask(read.format());
            var ambient = ambient(look, own.reading(format), question);
            var log = ambient.map(AmbientReading.Read::requests)
                    .orElse(
                            asked.lineSeen()
                                    ? read.log()
                                    : own.explained(read, asked.lineMissing() && look.logsRequests()));
            var connections = ambient.map(AmbientReading.Read::connections);
            var conclusion = new Concluder(
                            look, question, log, connections, asked.past(), asked.through(), commands.program())
                    .conclude()
                    .at(commands);
            return new Diagnosis(
                    look,
                    question,
                    log,
                    connections,
                    asked.past(),
                    asked.through(),
                    isGone(asked, log, conclusion)
                            ? Conclusion.nothing(
                                    pod.text() + " was deleted while it was asked; ask again", List.of(), true)
                            : conclusion,
                    Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    /** After our own request, so that its log has that too. */
    private Optional<AmbientReading.Read> ambient(Look look, LogReading requests, Question question)
            throws InterruptedException {
        var pod = pod();
        var reading = new AmbientReading(api, pod, requests, question.since(), commands);
        if (pod.sidecar().filter(each -> each.role() == Sidecar.Role.ZTUNNEL).isPresent()) {
            return Optional.of(reading.ofZtunnel());
        }
        return pod.ambient() && pod.sidecar().isEmpty()
                ? Optional.of(reading.ofPod(
                        look.port().flatMap(AppPort::service).stream().toList()))
                : Optional.empty();
    }

    /** Whether requests failed because the Pod no longer exists. */
    private boolean isGone(BothWays.Asked asked, SidecarLog log, Conclusion conclusion) throws InterruptedException {
        var pod = pod();
        boolean answered = asked.past() instanceof PastSidecar.Answered;
        boolean unanswered = asked.past() instanceof PastSidecar.Failed
                || asked.past() instanceof PastSidecar.Refused
                || asked.through() instanceof ThroughSidecar.NotReached
                || (pod.sidecar().isPresent() && log.problem().isPresent());
        if (!unanswered || (answered && conclusion.found()) || !pod.running()) {
            return false;
        }
        try {
            var found = api.call(KubeRequest.get("pods " + pod.name(), pod.path()));
            return found.map(each -> each.path("metadata"))
                    .filter(each -> each.path("uid").asString("").equals(pod.uid()) && !each.has("deletionTimestamp"))
                    .isEmpty();
        } catch (ApiException e) {
            return false;
        }
    }

    /** A call that is not permitted, known before anything is done. */
    private List<Right> missing(Question question) throws InterruptedException {
        try {
            return new Rights(api, pod().namespace()).missing(NotPermitted.needed(question), pod().name());
        } catch (ApiException e) {
            return List.of();
        }
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException wrong) {
                throw wrong;
            }
            if (e.getCause() instanceof InterruptedException) {
                throw new InterruptedException();
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
