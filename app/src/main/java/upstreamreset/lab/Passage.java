// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LoggedExchange;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.accesslog.Side;
import upstreamreset.http1.FieldLine;
import upstreamreset.http1.FramingReport;
import upstreamreset.page.Story;
import upstreamreset.page.Story.Tone;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Secrets;

/**
 * One request's way through the sidecars as parts of a story: the sequence, the log lines, the app's bytes and the cause.
 *
 * @param request method and target
 * @param sidecars the line of each sidecar, the client's first
 * @param judged the app's response; empty if no bytes of the app were seen
 * @param sent the app's bytes; empty if they are not kept as bytes
 * @param lines the field lines of a response in HTTP/2 whose bytes are not kept
 * @param calls how often the app got the request, if known
 */
public record Passage(
        String request,
        List<SidecarLog> sidecars,
        Verdict verdict,
        Optional<JudgedResponse> judged,
        Bytes sent,
        List<FieldLine> lines,
        OptionalInt calls) {
    /** The framing of a {@link JudgedResponse} in HTTP/2. */
    private static final String HTTP_2 = "http2";

    public Passage {
        sidecars = List.copyOf(sidecars);
        lines = List.copyOf(lines);
    }

    /** The title of the story: request and result. */
    public String title() {
        return "%s → %s %s".formatted(request, status(verdict.status()), verdict.flags());
    }

    /** What Envoy did, in one or two sentences. */
    public String sentence() {
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

    /** The colour of an outcome. */
    public static Tone tone(Outcome outcome) {
        return switch (outcome) {
            case PASSES -> Tone.GOOD;
            case RESETS_BEFORE, RESETS_AFTER, HANGS, DAMAGED, REFUSED -> Tone.BAD;
            case UNKNOWN -> Tone.UNKNOWN;
        };
    }

    /**
     * The parts of the story, from the sequence to the cause; {@code arrived} and {@code after} are what the client got in a few
     * words, {@code ofClient} its view in full.
     */
    public List<Story.Part> parts(Tone tone, String arrived, String after, List<Story.Part> ofClient) {
        var parts = new ArrayList<Story.Part>();
        parts.add(sequence(tone, arrived, after));
        parts.addAll(ofClient);
        for (var sidecar : sidecars) {
            parts.add(new Story.LogLine("The " + name(sidecar.side()) + " logged", sidecar.line(), sidecar.entry()));
        }
        parts.add(ofApp());
        if (!verdict.message().isEmpty()) {
            parts.add(new Story.Facts(
                    "Envoy's codec said", List.of(new Story.Fact("at debug level", verdict.message()))));
        }
        judged.filter(each -> !each.findings().isEmpty())
                .ifPresent(each -> parts.add(Story.Advice.of("Why, and what to change", each)));
        return parts;
    }

    private Story.Part ofApp() {
        if (sent.length() == 0
                && judged.map(each -> each.framing().equals(HTTP_2)).orElse(false)) {
            return new Story.Listing(
                    "The app sent, in HTTP/2", ofFrames(judged.get().bytes()));
        }
        var findings = sent.length() == 0
                ? List.<Finding>of()
                : judged.map(JudgedResponse::findings).orElse(List.of());
        boolean notKept = judged.isEmpty() && notAsked().isEmpty();
        return new Story.Wire(
                notKept
                        ? "The app's bytes that were seen"
                        : "The app" + (calls.isPresent() ? ", asked " + times() + "," : "") + " sent " + sent.length()
                                + " bytes",
                sent,
                findings,
                judged.map(each -> closedBy(each.closedBy())).orElse(""));
    }

    private List<String> ofFrames(long bytes) {
        return lines.isEmpty()
                ? List.of(bytes + " bytes of frames, without a response's fields")
                : lines.stream().map(FieldLine::shown).toList();
    }

    private String times() {
        return calls.orElse(0) == 1 ? "once" : calls.orElse(0) + " times";
    }

    private static String status(int status) {
        return status == 0 ? "no status" : Integer.toString(status);
    }

    private static String name(Side side) {
        return side.id() + "'s sidecar";
    }

    private Story.Sequence sequence(Tone tone, String arrived, String after) {
        var lanes = new ArrayList<String>();
        lanes.add("client");
        sidecars.forEach(each -> lanes.add(name(each.side())));
        lanes.add("app");
        int app = lanes.size() - 1;
        var steps = new ArrayList<Story.Step>();
        for (int lane = 0; lane < app - 1; lane++) {
            steps.add(new Story.Step(lane, lane + 1, Tone.UNKNOWN, request, ""));
        }
        askApp(steps, app);
        for (int lane = app - 1; lane > 0; lane--) {
            var entry = sidecars.get(lane - 1).entry();
            logged(steps, lane, entry);
            steps.add(
                    lane == 1
                            ? new Story.Step(1, 0, tone, arrived, after)
                            : new Story.Step(
                                    lane, lane - 1, tone, status(entry.status().orElse(0)) + bytes(entry), ""));
        }
        return new Story.Sequence("What passed between them", lanes, steps);
    }

    private void askApp(List<Story.Step> steps, int app) {
        if (judged.isEmpty() || calls.orElse(1) == 0) {
            var why = notAsked();
            steps.add(new Story.Step(
                    app - 1,
                    app - 1,
                    why.isPresent() ? Tone.BAD : Tone.UNKNOWN,
                    why.orElse("no bytes of the app were seen"),
                    ""));
            return;
        }
        steps.add(
                new Story.Step(app - 1, app, Tone.UNKNOWN, request + (calls.orElse(1) == 1 ? "" : ", " + times()), ""));
        answered(steps, app, judged.get());
    }

    /** Why the app sent nothing; empty where it may have sent what is not kept. */
    private Optional<String> notAsked() {
        if (calls.isPresent()) {
            return Optional.of("did not ask the app");
        }
        var nearest = LoggedExchange.of(sidecars.getLast().entry());
        if (nearest.has(ResponseFlag.UF)) {
            return Optional.of("could not connect to the app");
        }
        return verdict.outcome() == Outcome.REFUSED ? Optional.of("did not ask the app") : Optional.empty();
    }

    private void answered(List<Story.Step> steps, int app, JudgedResponse answer) {
        var rules = answer.findings().stream()
                .map(each -> each.rule().id())
                .distinct()
                .collect(Collectors.joining(", "));
        long bytes = sent.length() == 0 ? answer.bytes() : sent.length();
        steps.add(new Story.Step(
                app,
                app - 1,
                answer.findings().isEmpty() ? Tone.GOOD : Tone.BAD,
                answer.status() == 0 ? bytes + " bytes" : answer.status() + ", " + bytes + " bytes",
                "framing: " + answer.framing() + (rules.isEmpty() ? "" : "; breaks " + rules)));
        boolean byApp = answer.closedBy().startsWith("server");
        if (!answer.closedBy().equals("nobody")) {
            boolean reset = answer.closedBy().endsWith("RST");
            steps.add(new Story.Step(
                    byApp ? app : app - 1,
                    byApp ? app - 1 : app,
                    reset ? Tone.BAD : Tone.UNKNOWN,
                    reset ? "resets (RST)" : "closes (FIN)",
                    closedBy(answer.closedBy())));
        }
    }

    private void logged(List<Story.Step> steps, int lane, AccessLogEntry entry) {
        var flags = entry.text(LogField.RESPONSE_FLAGS).orElse("-");
        var details = entry.text(LogField.RESPONSE_CODE_DETAILS).orElse("");
        var message =
                verdict.message().isEmpty() || lane != sidecars.size() ? "" : "; its codec said: " + verdict.message();
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

    /** The result by the first sidecar's line, where the client's own view is not known. */
    public String loggedResult() {
        var first = sidecars.getFirst().entry();
        return status(first.status().orElse(0)) + bytes(first);
    }

    /** The response as the client's reader has it: fields as they came, the body without its framing. */
    public static Story.Wire clientGot(FramingReport response) {
        return new Story.Wire("The client got", clientBytes(response), List.of(), size(response));
    }

    /** The client's response in a few words. */
    public static String arrived(FramingReport response) {
        return response.status() == 0 ? "nothing" : response.status() + ", " + response.bodyLength() + " bytes of body";
    }

    private static Bytes clientBytes(FramingReport response) {
        if (response.status() == 0) {
            return Bytes.EMPTY;
        }
        var head = response.version() + " " + response.status() + " " + response.reason() + "\r\n"
                + response.fields().stream().map(each -> each.shown() + "\r\n").collect(Collectors.joining())
                + "\r\n";
        var body = Secrets.text(response.body().latin1());
        return Bytes.concat(List.of(Bytes.latin1(head), Bytes.latin1(body)));
    }

    private static String size(FramingReport response) {
        if (response.status() == 0) {
            return "Nothing that is a response.";
        }
        return response.bodyLength() + (response.bodyLength() == 1 ? " byte" : " bytes")
                + " of body, shown without its framing" + (response.complete() ? "." : "; the response was cut off.");
    }

    /** On the connection between Envoy and the app, Envoy is the client. */
    private static String closedBy(String end) {
        return switch (end) {
            case "client FIN" -> "Then Envoy closed the connection (FIN).";
            case "client RST" -> "Then Envoy reset the connection (RST).";
            case "server FIN" -> "Then the app closed the connection (FIN).";
            case "server RST" -> "Then the app reset the connection (RST).";
            default -> "The connection stayed open.";
        };
    }
}
