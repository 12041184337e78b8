// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import upstreamreset.accesslog.LogField;
import upstreamreset.diagnose.Question.CodecLogging;
import upstreamreset.explain.Cause;
import upstreamreset.explain.CodecRefusal;
import upstreamreset.explain.Explanation;
import upstreamreset.http1.Rule;
import upstreamreset.http1.Severity;
import upstreamreset.output.ShellWord;
import upstreamreset.probe.ProbeResult;
import upstreamreset.verdict.CodecReason;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.Remedy;
import upstreamreset.wire.Printable;

/** Decides the one finding: proof by the bytes comes first, then the comparison of both ways, then the log. */
record Concluder(
        Look look,
        Question question,
        SidecarLog log,
        Optional<AmbientLog> ambient,
        PastSidecar past,
        ThroughSidecar through,
        String program) {
    Conclusion conclude() {
        return notRunning()
                .or(this::byBytes)
                .or(() -> new DeclaredProtocol(look, past).conclude())
                .or(() -> new Reachability(look, past, through).conclude())
                .or(this::byCodec)
                .or(this::bySidecarsAnswer)
                .or(this::byAppsAnswer)
                .or(this::byLog)
                .or(() -> new ClientsDiffer(look, past).conclude())
                .or(this::byTunnels)
                .or(this::byServices)
                .or(this::byReadiness)
                .orElseGet(() -> new NothingFound(look, question, log, ambient, past, through).conclude());
    }

    private Optional<Conclusion> notRunning() {
        var pod = look.pod();
        var waiting = pod.stopped();
        boolean answered = past instanceof PastSidecar.Answered || past instanceof PastSidecar.OtherProtocol;
        if (answered || (pod.running() && waiting.isEmpty())) {
            return Optional.empty();
        }
        var why = waiting.map(each -> "its container " + each.name() + " does not run: " + Printable.of(each.state()))
                .orElse("it is " + Printable.of(pod.phase()));
        return Optional.of(Conclusion.finding(
                "pod-not-running",
                pod.text() + " serves nothing: " + why,
                "",
                "",
                List.of("kubectl -n %s describe pod %s".formatted(pod.namespace(), pod.name()))));
    }

    private Optional<Conclusion> byBytes() {
        if (!(past instanceof PastSidecar.Answered answered)) {
            return Optional.empty();
        }
        var judged = answered.answer().judged().getFirst();
        return judged.findings().stream()
                // A stable order: the first of the worst ones.
                .sorted(Comparator.comparing(Finding::severity))
                .findFirst()
                .filter(worst -> worst.rule().severity() == Severity.ERROR
                        || !answered.answer().healthy())
                .map(finding -> rule(
                        finding.rule(),
                        through instanceof ThroughSidecar.Answered answer && answer.failed() && look.hasSidecar()
                                ? "the app's answer breaks HTTP, and the sidecar answers " + answer.text() + " instead"
                                : "the app's answer breaks HTTP: " + modelled(answered.answer())));
    }

    private static String modelled(ProbeResult.Answered answer) {
        var verdict = answer.judged().getFirst().envoy();
        var does = switch (verdict.outcome()) {
            case PASSES -> "passes it on";
            case RESETS_BEFORE, REFUSED ->
                "answers %d %s instead".formatted(verdict.status(), Printable.of(verdict.flags()));
            case RESETS_AFTER -> "cuts it off";
            case HANGS -> "waits for its end";
            case DAMAGED -> "passes it on damaged";
            case UNKNOWN -> "logs %d %s".formatted(verdict.status(), Printable.of(verdict.flags()));
        };
        return "by the model, Envoy " + verdict.version() + " " + does;
    }

    static Conclusion rule(Rule rule, String sentence) {
        var remedy = Remedy.of(rule);
        return new Conclusion(
                rule.id(), rule.section(), sentence, remedy.cause(), remedy.fix(), List.of(), true, false);
    }

    /** A port that nobody declares by its name has no endpoint. */
    private Optional<Conclusion> byServices() {
        return look.port().flatMap(each -> each.service()).isPresent()
                ? Optional.empty()
                : look.unresolved().stream()
                        .findFirst()
                        .map(each -> Conclusion.finding(
                                "target-port-unknown",
                                "Service " + each.text() + " leads to a port that no container of "
                                        + look.pod().text() + " declares by that name: it has no endpoint there",
                                "a targetPort that is a name is looked up among the ports that the Pod's containers declare",
                                "Let a container declare a port of that name, or give the Service the port's number.",
                                List.of()));
    }

    /** What is well answered is of no use where no Service leads to it. */
    private Optional<Conclusion> byReadiness() {
        var pod = look.pod();
        boolean led = look.port()
                .flatMap(each -> each.service())
                .filter(each -> !each.unreadyToo())
                .isPresent();
        return pod.ready() || !pod.running() || !led
                ? Optional.empty()
                : Optional.of(Conclusion.finding(
                        "pod-not-ready",
                        pod.text() + " is not ready, so its Service sends it no request"
                                + (past instanceof PastSidecar.Answered answered
                                                && answered.answer().healthy()
                                        ? "; the app answers " + question.text()
                                        : ""),
                        "one of its containers is not ready: its readiness probe fails, or has not succeeded yet; or a readiness gate is not met",
                        "",
                        List.of("kubectl -n %s describe pod %s".formatted(pod.namespace(), pod.name()))));
    }

    private Optional<Conclusion> byCodec() {
        if (!(through instanceof ThroughSidecar.Answered answer)
                || answer.codec().reason().isEmpty()) {
            return Optional.empty();
        }
        var reason = answer.codec().reason().get();
        return CodecReason.rules(reason, answer.status()).stream()
                .findFirst()
                .map(rule -> rule(rule, "the sidecar's codec refuses the app's answer: " + Printable.of(reason)));
    }

    private Optional<Conclusion> bySidecarsAnswer() {
        if (!(through instanceof ThroughSidecar.Answered answer)
                || !look.hasSidecar()
                || !answer.failed()
                || !answer.madeBySidecar()
                || answer.refusedAsClient(question)) {
            return Optional.empty();
        }
        var explanation = answer.line()
                .flatMap(line -> log.explanations().stream()
                        .filter(each -> SidecarLog.saysTheSame(each.culprit(), line))
                        .findFirst());
        var without = question.withheld().isEmpty() ? "" : ", asked without " + String.join(", ", question.withheld());
        var sentence = "the sidecar itself answers " + answer.text() + " to " + question.text() + without;
        return Optional.of(explanation
                .map(each -> byExplanation(each, "sidecar-answers", sentence))
                .orElseGet(() ->
                        Conclusion.finding("sidecar-answers", sentence, firstLine(answer.body()), "", List.of())));
    }

    private static String firstLine(String body) {
        return Printable.words(body.lines().findFirst().orElse(""));
    }

    private Conclusion byExplanation(Explanation explanation, String id, String sentence) {
        var causes = explanation.causes();
        var rules = explanation.codec().map(CodecRefusal::rules).orElse(List.of());
        if (rules.size() == 1) {
            return rule(rules.getFirst(), sentence + "; its codec has said why");
        }
        if (rules.size() > 1) {
            var remedy = Remedy.of(rules.getFirst());
            return Conclusion.finding(
                    id,
                    sentence + "; its codec has said why",
                    likely(remedy.cause(), rules.getFirst().id()),
                    remedy.fix(),
                    List.of());
        }
        if (causes.isEmpty()) {
            return Conclusion.finding(id, sentence, explanation.verdict(), "", List.of());
        }
        var first = causes.getFirst();
        return causes.size() == 1
                ? Conclusion.finding(first.id(), sentence, first.cause(), "", next(first))
                : Conclusion.finding(id, sentence, likely(first.cause(), first.id()), "", next(first));
    }

    /** What tells whether that is the cause; the same question again would tell the same. */
    private List<String> next(Cause cause) {
        if (question.path().isEmpty() || !cause.next().startsWith("upstream-reset diagnose ")) {
            return List.of(cause.next());
        }
        var request = question.request();
        boolean plain = request.fields().isEmpty() && request.body().length() == 0;
        return plain && look.hasSidecar() && question.codecLog() == CodecLogging.NONE
                ? List.of(here(request.method(), question.path()) + " --codec-log")
                : List.of();
    }

    /** One of several causes is not proven. */
    private static String likely(String cause, String id) {
        return "most likely: " + cause + "  [" + id + "]";
    }

    private Optional<Conclusion> byAppsAnswer() {
        if (!(past instanceof PastSidecar.Answered answered)) {
            return past instanceof PastSidecar.WentThrough || past instanceof PastSidecar.Failed
                    ? passedOn()
                    : Optional.empty();
        }
        var judged = answered.answer().judged().getFirst();
        if (judged.status() == 405) {
            var allowed = answered.answer().exchanges().getFirst().response().fields("Allow").stream()
                    .map(field -> field.value())
                    .findFirst();
            return byLog().or(() -> Optional.of(Conclusion.nothing(
                    "the app does not take " + question.request().method() + " at " + question.printablePath()
                            + " (405)"
                            + allowed.map(each -> "; it allows " + Printable.of(each))
                                    .orElse("")
                            + ": ask with the method that fails, -X POST for one",
                    List.of(),
                    false)));
        }
        return judged.status() < 500 ? Optional.empty() : Optional.of(appAnswered(judged.status()));
    }

    /** Where it could not be asked past the sidecar, that one's log may prove that it passed the app's answer on. */
    private Optional<Conclusion> passedOn() {
        return through instanceof ThroughSidecar.Answered answer
                        && !answer.madeBySidecar()
                        && answer.line()
                                .filter(hop -> hop.exchange().status() >= 500)
                                .isPresent()
                ? Optional.of(appAnswered(answer.line().orElseThrow().exchange().status()))
                : Optional.empty();
    }

    private Conclusion appAnswered(int status) {
        var container = look.port().flatMap(each -> each.container()).map(each -> " -c " + each);
        return Conclusion.finding(
                "app-answered",
                "the app itself answers " + status + " to " + question.text() + "; no proxy made it",
                "",
                "",
                List.of("kubectl -n %s logs %s%s --tail=50"
                        .formatted(look.pod().namespace(), look.pod().name(), container.orElse(""))));
    }

    private Optional<Conclusion> byLog() {
        var worst = log.worst(question.path(), look.port().isEmpty());
        var plainText = new PlainTextRefused(look, log);
        if (worst.isEmpty() || plainText.isRefused(worst.get())) {
            return plainText.conclude();
        }
        var way = worst.get();
        boolean healthyNow = past instanceof PastSidecar.Answered
                && through instanceof ThroughSidecar.Answered answer
                && !answer.failed();
        var sentence = "%d of %d requests failed: %s at %s %s%s"
                .formatted(
                        way.count(),
                        log.requests(),
                        Printable.of(way.answer()),
                        Printable.of(way.method()),
                        Printable.of(way.path()),
                        healthyNow ? "; asked now, it is well" : "");
        var next = new ArrayList<String>();
        nextCommand(way).ifPresent(next::add);
        var explanation = log.explanation(way);
        var conclusion = explanation
                .map(each -> byExplanation(each, "requests-failed", sentence))
                .orElseGet(() -> Conclusion.finding("requests-failed", sentence, "", "", List.of()));
        return Optional.of(
                next.isEmpty()
                        ? conclusion
                        : new Conclusion(
                                conclusion.id(),
                                conclusion.section(),
                                conclusion.sentence(),
                                conclusion.cause(),
                                conclusion.fix(),
                                next,
                                true,
                                false));
    }

    /** The command that requests the failing path or the next hop; the log's content must not choose either for us. */
    private Optional<String> nextCommand(Failures.Way way) {
        var behind = LogReading.behind(way.example());
        boolean passedOn = !way.example().exchange().madeHere() || look.port().isEmpty();
        if (way.outbound() && passedOn && behind.isPresent()) {
            var names = behind.get().split("/", 2);
            return Optional.of(command(names[0], "svc/" + names[1], way.method(), path(way)));
        }
        return question.path().isPresent() || way.outbound() || path(way).isEmpty()
                ? Optional.empty()
                : Optional.of(here(way.method(), path(way)));
    }

    /** Empty where the log has none that could be asked for. */
    private static Optional<String> path(Failures.Way way) {
        return way.example()
                .entry()
                .text(LogField.PATH)
                .filter(each -> each.matches("/[^\\s#]*") && Printable.of(each).equals(each));
    }

    private String here(String method, Optional<String> path) {
        var port =
                question.port().map(each -> " --port " + ShellWord.quoted(each)).orElse("");
        return command(look.pod().namespace(), look.pod().text() + port, method, path);
    }

    private String command(String namespace, String target, String method, Optional<String> path) {
        var words = "%s diagnose -n %s %s".formatted(program, namespace, target);
        return path.isEmpty()
                ? words
                : words + (method.equals("GET") || method.equals("-") ? "" : " -X " + ShellWord.quoted(method)) + " "
                        + ShellWord.quoted(path.get());
    }

    /** What ztunnel logged of connections; it knows no paths, so it proves nothing of one that was answered. */
    private Optional<Conclusion> byTunnels() {
        if (ambient.isEmpty() || (question.path().isPresent() && !(through instanceof ThroughSidecar.NotReached))) {
            return Optional.empty();
        }
        var log = ambient.get();
        var worst = question.path().isPresent()
                ? log.worstTo(look.pod())
                : log.failures().stream().findFirst();
        return worst.map(way -> Conclusion.finding(
                way.cause().id(),
                "%d of %d connections failed at ztunnel: %s, from %s to %s"
                        .formatted(
                                way.count(),
                                log.connections(),
                                Printable.words(way.example().error().orElse("")),
                                Printable.of(way.example().source()),
                                Printable.of(way.example().destination())),
                way.cause().cause(),
                "",
                List.of(way.cause().next())));
    }
}
