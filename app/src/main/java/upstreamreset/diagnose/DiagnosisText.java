// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.io.PrintWriter;
import java.util.List;
import upstreamreset.output.Durations;
import upstreamreset.output.Thousands;
import upstreamreset.output.WordWrap;
import upstreamreset.pod.Sidecar;
import upstreamreset.probe.ProbeResult;
import upstreamreset.verdict.WireListing;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** A diagnosis as text: the finding first, then the observations, then the next steps. */
public record DiagnosisText(PrintWriter out) {
    private static final int MAX_WAYS = 8;

    public void print(Diagnosis diagnosis) {
        var conclusion = diagnosis.conclusion();
        line(headline(conclusion));
        look(diagnosis.look());
        log(diagnosis);
        past(diagnosis);
        through(diagnosis);
        if (!diagnosis.withheld().isEmpty()) {
            line("  " + diagnosis.withheld());
        }
        end(conclusion);
        if (diagnosis.log().isOff()) {
            line("to switch its access log on, unless a Telemetry selects this Pod (then change that one):");
            LogReading.telemetry(diagnosis.look().pod()).lines().forEach(each -> line("  " + each));
        }
        out.flush();
    }

    /** For example {@code duplicate-transfer-encoding (RFC 9112 §6.1): the app's answer breaks HTTP}. */
    static String headline(Conclusion conclusion) {
        var id = conclusion.section().isEmpty() ? conclusion.id() : conclusion.id() + " (" + conclusion.section() + ")";
        return id.isEmpty() ? conclusion.sentence() : id + ": " + conclusion.sentence();
    }

    private void line(String text) {
        out.println(Printable.line(Secrets.text(text)));
    }

    private void look(Look look) {
        line(place(look));
        look.policies().touching().forEach(each -> line("  " + each));
        look.notes().forEach(each -> line("  " + each));
        look.unread().forEach(each -> line("  " + each));
    }

    /** For example {@code pod/cart-0 (1 of 3): container cart, Service cart:80 → 8080 (name http); sidecar istio-proxy 1.30.8 (native)}. */
    static String place(Look look) {
        var pod = look.pod();
        var text = new StringBuilder(pod.text());
        if (look.selection().anyNamespace()) {
            text.append(" in ").append(pod.namespace());
        }
        if (look.selection().count() > 1) {
            text.append(" (1 of ").append(look.selection().count()).append(')');
        }
        text.append(": ");
        look.port().ifPresent(port -> {
            port.container()
                    .ifPresent(each -> text.append("container ").append(each).append(", "));
            text.append(port.service()
                            .map(service -> "Service " + service.text())
                            .orElse("port " + port.number()
                                    + (port.name().isEmpty() ? "" : " (name " + port.name() + ")")))
                    .append("; ");
        });
        text.append(proxy(look));
        look.policies()
                .mtls()
                .filter(_ -> (look.hasSidecar() || pod.ambient()) && look.port().isPresent())
                .ifPresent(mode -> {
                    text.append(", mTLS ").append(mode);
                    look.policies()
                            .mtlsBy()
                            .ifPresent(by -> text.append(" (").append(by).append(')'));
                });
        if (!pod.ready()) {
            text.append("; the Pod is not ready");
        }
        return text.toString();
    }

    private static String proxy(Look look) {
        var sidecar = look.pod().sidecar();
        if (sidecar.isEmpty()) {
            return look.pod().ambient() ? "no sidecar; ztunnel takes its connections (ambient)" : "no sidecar";
        }
        var version = look.istioVersion().map(each -> " " + each).orElse("");
        var kind = sidecar.get().container().nativeSidecar() ? " (native)" : "";
        return sidecar.get().role().text() + " " + Sidecar.CONTAINER + version + kind;
    }

    private void log(Diagnosis diagnosis) {
        var log = diagnosis.log();
        var look = diagnosis.look();
        diagnosis.ambient().ifPresent(each -> new AmbientText(this::line).print(each));
        var waypoints = diagnosis.ambient().map(AmbientLog::waypoints).orElse(List.of());
        if (diagnosis.ambient().isPresent()
                ? waypoints.isEmpty()
                : look.pod().sidecar().isEmpty()) {
            return;
        }
        var last = "last " + Durations.text(log.since());
        var whose = !waypoints.isEmpty()
                ? "its waypoint (" + String.join(", ", waypoints) + "), "
                : look.port().isPresent() ? "its sidecar, " : "its log, ";
        if (log.requests() == 0) {
            line(whose + last + ": " + log.problem().orElse("no requests"));
            return;
        }
        line("%s%s: %s, %s failed%s"
                .formatted(
                        whose,
                        last,
                        Thousands.of(log.requests(), "request"),
                        Thousands.of(log.failed()),
                        log.problem().map(each -> "; " + each).orElse("")));
        boolean gateway = look.port().isEmpty();
        var shown = log.failures().stream().limit(MAX_WAYS).toList();
        int width = shown.stream()
                .mapToInt(way -> Thousands.of(way.count()).length())
                .max()
                .orElse(1);
        for (var way : shown) {
            line("  %s%s × %s   %s %s   %s"
                    .formatted(
                            " ".repeat(width - Thousands.of(way.count()).length()),
                            Thousands.of(way.count()),
                            Printable.of(way.answer()),
                            Printable.of(way.method()),
                            Printable.of(way.path()),
                            way.by(gateway)));
        }
        if (log.failures().size() > MAX_WAYS || log.others() > 0) {
            line("  … and " + (log.failures().size() - shown.size()) + " ways more");
        }
        if (!log.followed().isEmpty()) {
            line("  the log behind was read too: pod/" + String.join(", pod/", log.followed()));
        }
    }

    private void past(Diagnosis diagnosis) {
        boolean sidecar = diagnosis.look().hasSidecar();
        var lead = "asked the app" + (sidecar ? " past its sidecar" : "") + " (port-forward):  ";
        switch (diagnosis.past()) {
            case PastSidecar.Answered(var answer, var proof) -> {
                line(lead + summary(answer));
                listing(answer);
                if (sidecar && proof.isEmpty()) {
                    line("  nothing proves that it came past the sidecar");
                }
            }
            case PastSidecar.WentThrough(var answer, var why) -> {
                line(lead + summary(answer));
                line("  this answer went through the sidecar: " + why);
            }
            case PastSidecar.Refused(var port) ->
                line(lead + "refused; nothing listens on 127.0.0.1:" + port + " in the Pod");
            case PastSidecar.OtherProtocol(var _, var why) -> line("the port was greeted:  " + why);
            case PastSidecar.Failed(var why) -> line(lead + why);
            case PastSidecar.NotAsked(var why) -> {
                if (diagnosis.question().path().isPresent()) {
                    line("not asked:  " + why);
                }
            }
        }
    }

    private static String summary(ProbeResult.Answered answer) {
        var exchange = answer.exchanges().getFirst();
        var judged = answer.judged().getFirst();
        return "%s, %s bytes%s"
                .formatted(
                        judged.status() == 0 ? "no status" : Integer.toString(judged.status()),
                        Thousands.of(exchange.total()),
                        exchange.streaming() ? ", and still sending" : "");
    }

    private void listing(ProbeResult.Answered answer) {
        if (answer.healthy()) {
            return;
        }
        var judged = answer.judged().getFirst();
        var lines = WireListing.of(answer.exchanges().getFirst().received().toArray(), judged.findings());
        boolean marked = lines.stream().anyMatch(each -> each.startsWith(">"));
        for (int i = 0; i < lines.size(); i++) {
            if (i == 0 || !marked || lines.get(i).startsWith(">")) {
                out.println("  " + lines.get(i));
            }
        }
    }

    private void through(Diagnosis diagnosis) {
        boolean sidecar = diagnosis.look().hasSidecar();
        var lead = sidecar ? "asked it through its sidecar:  " : "asked it at the Pod's address:  ";
        switch (diagnosis.through()) {
            case ThroughSidecar.Answered answer -> {
                line(lead + answer.text() + details(answer) + codec(answer.codec()));
                if (!answer.codec().fields().isEmpty()) {
                    line("  the field lines as they stood on the wire");
                    answer.codec().fields().forEach(each -> line("    " + each));
                }
                for (var each : answer.altered()) {
                    line("  %s  sent     %s".formatted(each.what(), each.sent()));
                    line("  %s  arrived  %s".formatted(" ".repeat(each.what().length()), each.arrived()));
                }
            }
            case ThroughSidecar.NotReached(var why, var _, var reset) ->
                line(lead + why + (reset && sidecar ? "; so does a sidecar that takes mTLS alone (STRICT)" : ""));
            case ThroughSidecar.NotAsked(var why) -> {
                if (diagnosis.question().path().isPresent()
                        && !(diagnosis.past() instanceof PastSidecar.OtherProtocol)
                        && !(diagnosis.past() instanceof PastSidecar.NotAsked)) {
                    line((sidecar ? "not asked through its sidecar:  " : "not asked at the Pod's address:  ") + why);
                }
            }
        }
    }

    private static String details(ThroughSidecar.Answered answer) {
        if (answer.line().isPresent()) {
            return answer.line()
                    .flatMap(hop -> hop.entry().text(upstreamreset.accesslog.LogField.RESPONSE_CODE_DETAILS))
                    .filter(each -> !each.equals("via_upstream"))
                    .map(each -> " " + each)
                    .orElse("");
        }
        return answer.resetReason() ? " (\"" + answer.body().lines().findFirst().orElse("") + "\")" : "";
    }

    private static String codec(CodecWords codec) {
        var said = codec.reason().map(reason -> "; its codec said: " + reason).orElse("");
        return said + (codec.note().isEmpty() ? "" : "; " + codec.note());
    }

    private void end(Conclusion conclusion) {
        if (!conclusion.cause().isEmpty() || !conclusion.fix().isEmpty()) {
            line(
                    conclusion.section().isEmpty()
                            ? conclusion.id()
                            : conclusion.id() + " (" + conclusion.section() + ")");
            labelled("  cause  ", conclusion.cause());
            labelled("  fix    ", conclusion.fix());
        }
        commands(conclusion.next());
    }

    private void labelled(String label, String text) {
        if (!text.isEmpty()) {
            WordWrap.lines(label, Printable.line(Secrets.text(text))).forEach(out::println);
        }
    }

    private void commands(List<String> next) {
        next.forEach(each -> line("  next   $ " + each));
    }
}
