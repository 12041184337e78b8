// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.Side;
import upstreamreset.http1.FieldLine;
import upstreamreset.http1.FramingReport;
import upstreamreset.page.Story;
import upstreamreset.page.Story.Tone;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Secrets;

/** A reproduction as a story for a page: the views of client, sidecars and app, and the cause. */
public final class ReproductionStory {
    private final Reproduction reproduction;
    private final Verdict verdict;

    private ReproductionStory(Reproduction reproduction) {
        this.reproduction = reproduction;
        this.verdict = reproduction.judged().envoy();
    }

    public static Story of(Reproduction reproduction) {
        return new ReproductionStory(reproduction).story();
    }

    private Story story() {
        var parts = new ArrayList<Story.Part>();
        parts.add(sequence());
        parts.add(new Story.Wire("The client got", clientBytes(), List.of(), size(reproduction.client())));
        for (var sidecar : reproduction.sidecars()) {
            parts.add(new Story.LogLine("The " + name(sidecar.side()) + " logged", sidecar.line(), sidecar.entry()));
        }
        parts.add(new Story.Wire(
                "The app, asked " + times() + ", sent " + reproduction.sent().length() + " bytes",
                reproduction.sent(),
                reproduction.judged().findings(),
                closedBy()));
        if (!verdict.message().isEmpty()) {
            parts.add(new Story.Facts(
                    "Envoy's codec said", List.of(new Story.Fact("at debug level", verdict.message()))));
        }
        if (!reproduction.judged().findings().isEmpty()) {
            parts.add(Story.Advice.of("Why, and what to change", reproduction.judged()));
        }
        parts.add(catalogue());
        return new Story(
                "%s %s → %s".formatted(request(), target(), status(verdict.status()) + " " + verdict.flags()),
                tone(verdict.outcome()),
                "Envoy " + verdict.version() + (reproduction.judged().observed() ? " did: " : ", the model expects: ")
                        + sentence(),
                parts);
    }

    private String request() {
        return reproduction.judged().request().method();
    }

    private String target() {
        return reproduction.judged().request().target();
    }

    private String times() {
        return reproduction.calls() == 1 ? "once" : reproduction.calls() + " times";
    }

    private static String status(int status) {
        return status == 0 ? "no status" : Integer.toString(status);
    }

    private String sentence() {
        return verdict.outcome().text() + ". "
                + switch (verdict.outcome()) {
                    case PASSES -> "It passed the app's response on as it was.";
                    case RESETS_BEFORE -> "It passed on nothing of the app's response and answered instead.";
                    case RESETS_AFTER ->
                        "It passed the head on, and then cut the response off; the client has a part of it.";
                    case HANGS -> "Neither a response nor an error came before a timeout.";
                    case DAMAGED ->
                        "It passed the response on, but the client does not get what the app meant, and cannot tell.";
                    case REFUSED -> "It answered by itself and did not ask the app.";
                    case UNKNOWN -> "The log does not tell what became of the response.";
                };
    }

    private static Tone tone(Outcome outcome) {
        return switch (outcome) {
            case PASSES -> Tone.GOOD;
            case RESETS_BEFORE, RESETS_AFTER, HANGS, DAMAGED, REFUSED -> Tone.BAD;
            case UNKNOWN -> Tone.UNKNOWN;
        };
    }

    private static String name(Side side) {
        return side.id() + "'s sidecar";
    }

    private Story.Sequence sequence() {
        var lanes = new ArrayList<String>();
        lanes.add("client");
        reproduction.sidecars().forEach(each -> lanes.add(name(each.side())));
        lanes.add("app");
        int app = lanes.size() - 1;
        var steps = new ArrayList<Story.Step>();
        for (int lane = 0; lane < app - 1; lane++) {
            steps.add(new Story.Step(lane, lane + 1, Tone.UNKNOWN, request() + " " + target(), ""));
        }
        askApp(steps, app);
        for (int lane = app - 1; lane > 0; lane--) {
            var entry = reproduction.sidecars().get(lane - 1).entry();
            logged(steps, lane, entry);
            if (lane == 1) {
                arrived(steps);
            } else {
                steps.add(new Story.Step(
                        lane,
                        lane - 1,
                        tone(verdict.outcome()),
                        status(entry.status().orElse(0)) + bytes(entry),
                        ""));
            }
        }
        return new Story.Sequence("What passed between them", lanes, steps);
    }

    private void askApp(List<Story.Step> steps, int app) {
        if (reproduction.calls() == 0) {
            steps.add(new Story.Step(app - 1, app - 1, Tone.BAD, "did not ask the app", ""));
            return;
        }
        steps.add(new Story.Step(
                app - 1,
                app,
                Tone.UNKNOWN,
                request() + " " + target() + (reproduction.calls() == 1 ? "" : ", " + times()),
                ""));
        var judged = reproduction.judged();
        var rules = judged.findings().stream()
                .map(each -> each.rule().id())
                .distinct()
                .collect(Collectors.joining(", "));
        steps.add(new Story.Step(
                app,
                app - 1,
                judged.findings().isEmpty() ? Tone.GOOD : Tone.BAD,
                judged.status() == 0
                        ? reproduction.sent().length() + " bytes"
                        : judged.status() + ", " + reproduction.sent().length() + " bytes",
                "framing: " + judged.framing() + (rules.isEmpty() ? "" : "; breaks " + rules)));
        boolean byApp = judged.closedBy().startsWith("server");
        if (!judged.closedBy().equals("nobody")) {
            boolean reset = judged.closedBy().endsWith("RST");
            steps.add(new Story.Step(
                    byApp ? app : app - 1,
                    byApp ? app - 1 : app,
                    reset ? Tone.BAD : Tone.UNKNOWN,
                    reset ? "resets (RST)" : "closes (FIN)",
                    closedBy()));
        }
    }

    private void logged(List<Story.Step> steps, int lane, AccessLogEntry entry) {
        var flags = entry.text(LogField.RESPONSE_FLAGS).orElse("-");
        var details = entry.text(LogField.RESPONSE_CODE_DETAILS).orElse("");
        var message =
                verdict.message().isEmpty() || lane != reproduction.sidecars().size()
                        ? ""
                        : "; its codec said: " + verdict.message();
        steps.add(new Story.Step(
                lane, lane, flags.equals("-") ? Tone.GOOD : Tone.BAD, "logs " + answer(entry), details + message));
    }

    private static String answer(AccessLogEntry entry) {
        return status(entry.status().orElse(0))
                + entry.text(LogField.RESPONSE_FLAGS).map(each -> " " + each).orElse("")
                + bytes(entry);
    }

    private static String bytes(AccessLogEntry entry) {
        return entry.text(LogField.BYTES_SENT)
                .map(each -> ", " + each + " bytes")
                .orElse("");
    }

    private void arrived(List<Story.Step> steps) {
        var client = reproduction.client();
        steps.add(new Story.Step(
                1,
                0,
                client.complete() ? tone(verdict.outcome()) : Tone.BAD,
                client.status() == 0 ? "nothing" : client.status() + ", " + client.bodyLength() + " bytes of body",
                "after " + reproduction.took().toMillis() + " ms" + (client.complete() ? "" : "; not whole")));
    }

    /** The response as the client's reader has it: fields as they came, the body without its framing. */
    private Bytes clientBytes() {
        var response = reproduction.client();
        if (response.status() == 0) {
            return Bytes.EMPTY;
        }
        var head = response.version() + " " + response.status() + " " + response.reason() + "\r\n"
                + response.fields().stream().map(ReproductionStory::line).collect(Collectors.joining())
                + "\r\n";
        var body = Secrets.text(response.body().latin1());
        return Bytes.concat(List.of(Bytes.latin1(head), Bytes.latin1(body)));
    }

    private static String line(FieldLine field) {
        return field.name() + ": " + Secrets.value(field.name(), field.value()) + "\r\n";
    }

    private static String size(FramingReport response) {
        if (response.status() == 0) {
            return "Nothing that is a response.";
        }
        return response.bodyLength() + (response.bodyLength() == 1 ? " byte" : " bytes")
                + " of body, shown without its framing" + (response.complete() ? "." : "; the response was cut off.");
    }

    /** On the connection between Envoy and the app, Envoy is the client. */
    private String closedBy() {
        return switch (reproduction.judged().closedBy()) {
            case "client FIN" -> "Then Envoy closed the connection (FIN).";
            case "client RST" -> "Then Envoy reset the connection (RST).";
            case "server FIN" -> "Then the app closed the connection (FIN).";
            case "server RST" -> "Then the app reset the connection (RST).";
            default -> "The connection stayed open.";
        };
    }

    private Story.Facts catalogue() {
        var scenario = reproduction.scenario();
        var facts = new ArrayList<Story.Fact>();
        facts.add(new Story.Fact("scenario", scenario.name()));
        facts.add(new Story.Fact("says", scenario.sentence()));
        scenario.breaks().ifPresent(breaks -> facts.add(new Story.Fact("rule", breaks.text())));
        scenario.fix().ifPresent(fix -> facts.add(new Story.Fact("fix", fix)));
        facts.add(new Story.Fact(
                "catalogue", reproduction.asExpected() ? "Envoy did what it expects" : "Envoy did something else"));
        reproduction.differences().forEach(each -> facts.add(new Story.Fact("difference", each)));
        return new Story.Facts("In the catalogue", facts);
    }
}
