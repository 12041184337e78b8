// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import upstreamreset.accesslog.LogReader;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.diagnose.Question.CodecLogging;
import upstreamreset.explain.Hop;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.pod.EnvoyAdmin;
import upstreamreset.pod.Right;
import upstreamreset.wire.Printable;

/**
 * Asks the app past its sidecar and through it, and joins both answers with what the sidecar logged of them. Levels of that log are
 * restored before it returns.
 *
 * @param missing rights, known before
 * @param envoyVersion the version to model if the sidecar does not report its own
 */
record BothWays(
        KubeApi api,
        Look look,
        Question question,
        List<Right> missing,
        String envoyVersion,
        Commands commands,
        Watcher watcher) {
    private static final Duration FLUSH = Duration.ofSeconds(3);
    private static final Duration NEXT_FAILURE = Duration.ofSeconds(30);

    record Asked(PastSidecar past, ThroughSidecar through, boolean lineMissing) {
        /** Whether the sidecar's log has our question. */
        boolean lineSeen() {
            return through instanceof ThroughSidecar.Answered answer
                    && answer.line().isPresent();
        }
    }

    /** Where there is no PATH, or no app. */
    static Asked notAsked(Look look) {
        var why = look.port().isEmpty()
                ? "it is a "
                        + look.pod().sidecar().map(each -> each.role().text()).orElse("proxy")
                        + ": there is no app in it to be asked"
                : "no PATH was named";
        return new Asked(new PastSidecar.NotAsked(why), new ThroughSidecar.NotAsked(why), false);
    }

    /** @param lines reads the sidecar's log */
    Asked ask(LogReader lines) throws InterruptedException {
        var pod = look.pod();
        var asker = new Asker(api, look, question, envoy().isEmpty() ? envoyVersion : envoy());
        boolean readable = pod.sidecar().isPresent() && !missing.contains(NotPermitted.LOG);
        var noForward = NotPermitted.ofForward(missing);
        var pastId = UUID.randomUUID().toString();
        var own = readable ? Optional.of(OwnLines.fromNow(api, pod, lines)) : Optional.<OwnLines>empty();
        var past = noForward.isEmpty() ? asker.past(pastId) : new PastSidecar.Failed(NotPermitted.to(noForward));
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
        if (look.strict()) {
            return strict(past, pastId, raises ? own : Optional.empty());
        }
        if (missing.contains(NotPermitted.proxy(question))) {
            var why = NotPermitted.to(List.of(NotPermitted.proxy(question)));
            return seen(past, pastId, new ThroughSidecar.NotAsked(why), "", own, Optional.empty());
        }
        if (raises) {
            return withLevels(asker, past, pastId, own.orElseThrow());
        }
        var id = UUID.randomUUID().toString();
        return seen(past, pastId, asker.through(id, past), id, own, Optional.empty());
    }

    /**
     * Joins the response with the sidecar's log line about it.
     *
     * @param codec reads what its codec logged, where that was raised
     */
    private Asked seen(
            PastSidecar past,
            String pastId,
            ThroughSidecar through,
            String throughId,
            Optional<OwnLines> own,
            Optional<CodecLogReader> codec)
            throws InterruptedException {
        if (own.isEmpty()) {
            return new Asked(past, through, false);
        }
        var lines = own.get();
        boolean answered = through instanceof ThroughSidecar.Answered;
        List<String> read;
        try {
            read = lines.await(
                    look.logsRequests() ? FLUSH : Duration.ZERO,
                    found -> answered && found.stream().anyMatch(line -> isAccess(lines, line, throughId)));
        } catch (ApiException e) {
            // What was answered stands without its line.
            return new Asked(proven(past, Optional.empty(), Optional.empty()), through, false);
        }
        var line = lines.line(read, throughId);
        var proven = proven(
                past,
                lines.line(read, pastId),
                line.map(_ -> "the sidecar logged the question through it, and not this one"));
        if (!(through instanceof ThroughSidecar.Answered answer)) {
            return new Asked(proven, through, false);
        }
        boolean refused = line.map(hop -> hop.exchange().has(ResponseFlag.UPE)).orElse(answer.resetReason());
        var words = codec.map(reader -> words(reader, read, refused)).orElse(CodecWords.NONE);
        return new Asked(proven, answer.with(line, words), line.isEmpty());
    }

    private static CodecWords words(CodecLogReader codec, List<String> lines, boolean refused) {
        lines.forEach(codec::add);
        return codec.read(refused);
    }

    private static boolean isAccess(OwnLines lines, String line, String id) {
        return line.contains(id) && lines.line(List.of(line), id).isPresent();
    }

    /** Whether the sidecar was involved in a request meant to bypass it. */
    private static PastSidecar proven(PastSidecar past, Optional<Hop> seen, Optional<String> proof) {
        if (!(past instanceof PastSidecar.Answered answered)) {
            return past;
        }
        if (seen.isPresent()) {
            return new PastSidecar.WentThrough(
                    answered.answer(),
                    "the sidecar logged it: this runtime's port-forward does not come past the sidecar");
        }
        if (proof.isPresent()) {
            return new PastSidecar.Answered(answered.answer(), proof);
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

    private String envoy() {
        return look.proxy().map(ProxyInfo::envoy).orElse("");
    }

    private Asked withLevels(Asker asker, PastSidecar past, String pastId, OwnLines own) throws InterruptedException {
        var id = UUID.randomUUID().toString();
        RaisedLevels levels;
        try {
            levels = raise();
        } catch (ApiException | IOException e) {
            var asked = seen(past, pastId, asker.through(id, past), id, Optional.of(own), Optional.empty());
            return noted(asked, notRaised(e));
        }
        try (levels) {
            var codec = new CodecLogReader(id);
            var asked = seen(past, pastId, asker.through(id, past), id, Optional.of(own), Optional.of(codec));
            return !codec.hasRefusal() && levels.disturbed() ? disturbed(asked) : asked;
        }
    }

    private RaisedLevels raise() throws ApiException, IOException, InterruptedException {
        return RaisedLevels.raise(
                new EnvoyAdmin(api, look.pod()), look.pod(), question.codecLog(), envoy(), commands, watcher);
    }

    private static String notRaised(Exception why) {
        return "its log could not be raised: " + Printable.words(String.valueOf(why.getMessage()));
    }

    private static Asked disturbed(Asked asked) {
        return noted(asked, "somebody else set its log's levels back while it was asked; ask again");
    }

    private static Asked noted(Asked asked, String note) {
        if (!(asked.through() instanceof ThroughSidecar.Answered answer)) {
            return asked;
        }
        var words = new CodecWords(answer.codec().reason(), answer.codec().fields(), note);
        return new Asked(asked.past(), answer.with(answer.line(), words), asked.lineMissing());
    }

    /** None of our requests get through; those of the mesh's own clients do. */
    private Asked strict(PastSidecar past, String pastId, Optional<OwnLines> own) throws InterruptedException {
        var by = look.policies().mtlsBy().map(each -> " (" + each + ")").orElse("");
        var why = "mTLS is STRICT" + by + ": the API server has no certificate of the mesh, "
                + (look.hasSidecar() ? "the sidecar" : "ztunnel") + " would reset it";
        if (own.isEmpty()) {
            return notAskedThrough(past, why);
        }
        RaisedLevels levels;
        try {
            levels = raise();
        } catch (ApiException | IOException e) {
            return notAskedThrough(past, why + "; " + notRaised(e));
        }
        try (levels) {
            watcher.waiting("waiting up to " + NEXT_FAILURE.toSeconds()
                    + " s for the next answer that the sidecar refuses a client of the mesh");
            var lines = own.get().await(NEXT_FAILURE, found -> {
                var reader = new CodecLogReader(pastId);
                found.forEach(reader::add);
                return reader.hasRefusal();
            });
            var said = words(new CodecLogReader(pastId), lines, true);
            var proven = proven(
                    past,
                    own.get().line(lines, pastId),
                    Optional.of("the sidecar logged others meanwhile, and not this one")
                            .filter(_ -> own.get().hasAccessLines(lines)));
            return new Asked(
                    proven,
                    new ThroughSidecar.NotAsked(why
                            + said.reason()
                                    .map(reason -> "; to a client of the mesh its codec said: " + Printable.of(reason))
                                    .orElse("; no client of the mesh was refused an answer within "
                                            + NEXT_FAILURE.toSeconds() + " s")),
                    false);
        } catch (ApiException e) {
            return notAskedThrough(
                    past, why + "; its log could not be read: " + e.failure().message());
        }
    }

    private static Asked notAskedThrough(PastSidecar past, String why) {
        return new Asked(proven(past, Optional.empty(), Optional.empty()), new ThroughSidecar.NotAsked(why), false);
    }
}
