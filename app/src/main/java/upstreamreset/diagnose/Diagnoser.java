// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import upstreamreset.accesslog.LogReader;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.diagnose.Question.CodecLogging;
import upstreamreset.explain.Hop;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;
import upstreamreset.pod.AppPort;
import upstreamreset.pod.EnvoyAdmin;
import upstreamreset.pod.Pod;
import upstreamreset.pod.Right;
import upstreamreset.pod.Rights;
import upstreamreset.pod.Sidecar;
import upstreamreset.wire.Printable;

/**
 * Diagnoses a Pod: looks at it, reads its log, asks past the sidecar and through it, and concludes. In the cluster it
 * changes only the log levels of one sidecar, if the question says so, and restores them.
 *
 * @param service the Service that the user named, if any
 * @param format of the access log
 * @param envoyVersion the version to model if the sidecar does not report its own
 * @param commands how the commands to run next begin
 */
public record Diagnoser(
        KubeApi api,
        Pod pod,
        int of,
        Optional<String> service,
        LogReader format,
        String envoyVersion,
        Commands commands,
        Watcher watcher) {
    private static final Duration FLUSH = Duration.ofSeconds(3);
    private static final Duration NEXT_FAILURE = Duration.ofSeconds(30);

    /**
     * Answers the question.
     *
     * @throws IllegalArgumentException where it does not fit the Pod; the message is one sentence
     */
    public Diagnosis diagnose(Question question) throws InterruptedException {
        long begin = System.nanoTime();
        var missing = missing(question);
        if (!missing.isEmpty()) {
            watcher.waiting(NotPermitted.sentence(missing, pod.namespace()));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var looking = threads.submit(() -> new Looker(api, pod, of, service).look(question));
            var own = new ProxyLog(api, pod, format);
            var reading = threads.submit(() -> own.read(question.since()));
            var look = result(looking);
            var read = missing.contains(NotPermitted.LOG)
                    ? ProxyLog.Read.unread(question.since(), NotPermitted.to(List.of(NotPermitted.LOG)), format)
                    : result(reading);
            var asked = question.path().isEmpty() || look.port().isEmpty()
                    ? notAsked(look)
                    : ask(look, question, missing, read.format());
            var ambient = ambient(look, own.reading(format), question);
            var log = ambient.map(AmbientReading.Read::requests)
                    .orElse(asked.lineSeen() ? read.log() : own.explained(read, asked.lineMissing()));
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
    private boolean isGone(Asked asked, SidecarLog log, Conclusion conclusion) throws InterruptedException {
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
            return new Rights(api, pod.namespace()).missing(NotPermitted.needed(question), pod.name());
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

    private record Asked(PastSidecar past, ThroughSidecar through, boolean lineMissing) {
        /** Whether the sidecar's log has our question. */
        boolean lineSeen() {
            return through instanceof ThroughSidecar.Answered answer
                    && answer.line().isPresent();
        }
    }

    private static Asked notAsked(Look look) {
        var why = look.port().isEmpty()
                ? "it is a "
                        + look.pod().sidecar().map(each -> each.role().text()).orElse("proxy")
                        + ": there is no app in it to be asked"
                : "no PATH was named";
        return new Asked(new PastSidecar.NotAsked(why), new ThroughSidecar.NotAsked(why), false);
    }

    private Asked ask(Look look, Question question, List<Right> missing, LogReader lines) throws InterruptedException {
        var asker = new Asker(api, look, question, envoy(look).isEmpty() ? envoyVersion : envoy(look));
        boolean readable = pod.sidecar().isPresent() && !missing.contains(NotPermitted.LOG);
        var noForward = NotPermitted.ofForward(missing);
        var pastId = UUID.randomUUID().toString();
        PastSidecar past = new PastSidecar.Failed("it was not asked");
        try {
            var own = readable ? Optional.of(OwnLines.fromNow(api, pod, lines)) : Optional.<OwnLines>empty();
            past = noForward.isEmpty() ? asker.past(pastId) : new PastSidecar.Failed(NotPermitted.to(noForward));
            if (past instanceof PastSidecar.OtherProtocol || past instanceof PastSidecar.NotAsked) {
                return new Asked(past, new ThroughSidecar.NotAsked("the port was not asked in HTTP/1.1"), false);
            }
            boolean raises = question.codecLog() != CodecLogging.NONE;
            if (raises && (!readable || !noForward.isEmpty())) {
                watcher.waiting(
                        pod.sidecar().isEmpty()
                                ? "--codec-log: there is no sidecar whose log could be raised"
                                : "--codec-log: its log cannot be raised and read without these rights");
                raises = false;
            }
            // Without a proxy nobody demands mTLS, whatever a policy says.
            if (look.policies().strict() && (pod.sidecar().isPresent() || pod.ambient())) {
                return strict(look, question, past, pastId, raises ? own : Optional.empty());
            }
            if (missing.contains(NotPermitted.proxy(question))) {
                var why = NotPermitted.to(List.of(NotPermitted.proxy(question)));
                return seen(past, pastId, new ThroughSidecar.NotAsked(why), "", own, new CodecLogReader(""), false);
            }
            if (raises) {
                return withLevels(look, question, asker, past, pastId, own.orElseThrow());
            }
            var id = UUID.randomUUID().toString();
            return seen(past, pastId, asker.through(id, past), id, own, new CodecLogReader(id), false);
        } catch (ApiException e) {
            var why = e.failure().message();
            return past instanceof PastSidecar.Failed
                    ? new Asked(new PastSidecar.Failed(why), new ThroughSidecar.NotAsked(why), false)
                    : new Asked(past, new ThroughSidecar.NotReached(why, false, false), false);
        }
    }

    /** Joins the response with the sidecar's log line about it. */
    private Asked seen(
            PastSidecar past,
            String pastId,
            ThroughSidecar through,
            String throughId,
            Optional<OwnLines> own,
            CodecLogReader codec,
            boolean raised)
            throws ApiException, InterruptedException {
        if (own.isEmpty()) {
            return new Asked(past, through, false);
        }
        var lines = own.get();
        boolean answered = through instanceof ThroughSidecar.Answered;
        List<String> read;
        try {
            read = lines.await(
                    FLUSH, found -> answered && found.stream().anyMatch(line -> isAccess(lines, line, throughId)));
        } catch (ApiException e) {
            // What was answered stands without its line.
            return new Asked(proven(past, Optional.empty(), false), through, false);
        }
        var line = lines.line(read, throughId);
        var proven = proven(past, lines.line(read, pastId), line.isPresent());
        if (!(through instanceof ThroughSidecar.Answered answer)) {
            return new Asked(proven, through, false);
        }
        read.forEach(codec::add);
        boolean refused = line.map(hop -> hop.exchange().has(ResponseFlag.UPE)).orElse(answer.resetReason());
        return new Asked(
                proven,
                new ThroughSidecar.Answered(
                        answer.status(),
                        answer.server(),
                        answer.body(),
                        line,
                        raised ? codec.read(refused) : CodecWords.NONE,
                        answer.altered()),
                line.isEmpty());
    }

    private static boolean isAccess(OwnLines lines, String line, String id) {
        return line.contains(id) && lines.line(List.of(line), id).isPresent();
    }

    /** Whether the sidecar was involved in a request meant to bypass it. */
    private static PastSidecar proven(PastSidecar past, Optional<Hop> seen, boolean logged) {
        if (!(past instanceof PastSidecar.Answered answered)) {
            return past;
        }
        if (seen.isPresent()) {
            return new PastSidecar.WentThrough(
                    answered.answer(),
                    "the sidecar logged it: this runtime's port-forward does not come past the sidecar");
        }
        if (logged) {
            return new PastSidecar.Answered(
                    answered.answer(), Optional.of("the sidecar logged the question through it, and not this one"));
        }
        var response = answered.answer().exchanges().getFirst().response();
        boolean envoys = !response.fields("x-envoy-upstream-service-time").isEmpty()
                || response.fields("server").stream()
                        .anyMatch(field -> field.value().equals("istio-envoy"));
        return envoys
                ? new PastSidecar.WentThrough(answered.answer(), "it carries a sidecar's fields")
                : new PastSidecar.Answered(
                        answered.answer(),
                        response.status() == 0
                                ? Optional.empty()
                                : Optional.of("it carries none of the fields that a sidecar sets"));
    }

    private static String envoy(Look look) {
        return look.proxy().map(ProxyInfo::envoy).orElse("");
    }

    private Asked withLevels(Look look, Question question, Asker asker, PastSidecar past, String pastId, OwnLines own)
            throws ApiException, InterruptedException {
        var id = UUID.randomUUID().toString();
        var codec = new CodecLogReader(id);
        try (var raised = RaisedLevels.raise(
                new EnvoyAdmin(api, pod), pod, question.codecLog(), envoy(look), commands, watcher)) {
            var through = asker.through(id, past);
            var asked = seen(past, pastId, through, id, Optional.of(own), codec, true);
            return !codec.hasRefusal() && raised.disturbed() ? disturbed(asked) : asked;
        } catch (IOException e) {
            var through = asker.through(id, past);
            var asked = seen(past, pastId, through, id, Optional.of(own), codec, false);
            return noted(asked, "its log could not be raised: " + Printable.words(String.valueOf(e.getMessage())));
        }
    }

    private static Asked disturbed(Asked asked) {
        return noted(asked, "somebody else set its log's levels back while it was asked; ask again");
    }

    private static Asked noted(Asked asked, String note) {
        return asked.through() instanceof ThroughSidecar.Answered answer
                ? new Asked(
                        asked.past(),
                        new ThroughSidecar.Answered(
                                answer.status(),
                                answer.server(),
                                answer.body(),
                                answer.line(),
                                new CodecWords(
                                        answer.codec().reason(), answer.codec().fields(), note),
                                answer.altered()),
                        asked.lineMissing())
                : asked;
    }

    /** None of our requests get through; those of the mesh's own clients do. */
    private Asked strict(Look look, Question question, PastSidecar past, String pastId, Optional<OwnLines> own)
            throws ApiException, InterruptedException {
        var by = look.policies().mtlsBy().map(each -> " (" + each + ")").orElse("");
        var why = "mTLS is STRICT" + by + ": the API server has no certificate of the mesh, "
                + (pod.sidecar().isPresent() ? "the sidecar" : "ztunnel") + " would reset it";
        if (own.isEmpty()) {
            return new Asked(proven(past, Optional.empty(), false), new ThroughSidecar.NotAsked(why), false);
        }
        var codec = new CodecLogReader(pastId);
        try (var _ = RaisedLevels.raise(
                new EnvoyAdmin(api, pod), pod, question.codecLog(), envoy(look), commands, watcher)) {
            watcher.waiting("waiting up to " + NEXT_FAILURE.toSeconds()
                    + " s for the next answer that the sidecar refuses a client of the mesh");
            var lines = own.get().await(NEXT_FAILURE, found -> {
                var reader = new CodecLogReader(pastId);
                found.forEach(reader::add);
                return reader.hasRefusal();
            });
            lines.forEach(codec::add);
            var said = codec.read(true);
            var proven = proven(past, own.get().line(lines, pastId), own.get().hasAccessLines(lines));
            return new Asked(
                    proven,
                    new ThroughSidecar.NotAsked(why
                            + said.reason()
                                    .map(reason -> "; to a client of the mesh its codec said: " + Printable.of(reason))
                                    .orElse("; no client of the mesh was refused an answer within "
                                            + NEXT_FAILURE.toSeconds() + " s")),
                    false);
        } catch (IOException e) {
            return new Asked(past, new ThroughSidecar.NotAsked(why), false);
        }
    }
}
