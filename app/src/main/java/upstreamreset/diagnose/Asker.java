// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import upstreamreset.codec.ProxyAlteration;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.ResponseReader;
import upstreamreset.http1.Rule;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeAnswer;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;
import upstreamreset.output.JsonTree;
import upstreamreset.pod.Pod;
import upstreamreset.pod.PortForward;
import upstreamreset.probe.Limits;
import upstreamreset.probe.PortSpeech;
import upstreamreset.probe.Probe;
import upstreamreset.probe.ProbeRequest;
import upstreamreset.probe.ProbeResult;
import upstreamreset.probe.Target;
import upstreamreset.wire.Printable;

/** Requests the given path, and no other, from the app's port: directly, past the sidecar, and through it. */
record Asker(KubeApi api, Look look, Question question, String envoyVersion) {
    private static final long MAX_BYTES = 1 << 26;
    private static final String ID = "x-request-id";

    /** The beginning of an API server's own response. */
    private static final String STATUS = "{\"kind\":\"Status\"";

    /** Fields that the API server sets if a response has none. */
    private static final Set<String> OF_API_SERVER = Set.of("cache-control", "content-type");

    /** The prefix of fields that the API server adds. */
    private static final String OWN_PREFIX = "x-kubernetes-";

    /** Fields that the API server adds to a response or rewrites, and fields that differ between responses. */
    private static final Set<String> NOT_COMPARED =
            Set.of("audit-id", "date", "age", "set-cookie", "etag", "server", "location", ID);

    private Pod pod() {
        return look.pod();
    }

    private int port() {
        return look.port().orElseThrow().number();
    }

    private Target target() {
        var service = look.port().orElseThrow().service();
        var host = service.map(each -> each.service() + "." + pod().namespace()).orElse(pod().ip());
        int number = service.map(each -> each.number()).orElse(port());
        var path = question.path().orElseThrow();
        return new Target(false, host, number, path, pod().text() + " " + path);
    }

    /** @param id goes with the request, and tells its line in a log */
    PastSidecar past(String id) throws InterruptedException {
        try {
            var protocol = look.port().orElseThrow().protocol();
            return switch (protocol) {
                case HTTP_2 -> declaredHttp2(id);
                case TLS -> declaredTls();
                case HTTP_1, OTHER, DETECTED -> asked(id);
            };
        } catch (ApiException e) {
            return new PastSidecar.Failed(e.failure().message());
        } catch (IOException e) {
            return new PastSidecar.Failed(Printable.words(String.valueOf(e.getMessage())));
        }
    }

    private PastSidecar declaredHttp2(String id) throws ApiException, IOException, InterruptedException {
        return switch (preface()) {
            case HTTP_2 ->
                new PastSidecar.NotAsked("the port speaks HTTP/2, as it is declared; diagnose asks in HTTP/1.1 only");
            case HTTP_1 ->
                new PastSidecar.OtherProtocol(PortSpeech.HTTP_1, "it speaks HTTP/1.1, and is declared as HTTP/2");
            case TLS -> new PastSidecar.OtherProtocol(PortSpeech.TLS, "it speaks TLS, and is declared as HTTP/2");
            case UNKNOWN ->
                speaksTls()
                        ? new PastSidecar.OtherProtocol(PortSpeech.TLS, "it speaks TLS, and is declared as HTTP/2")
                        : declaredWrong(id);
        };
    }

    /** A server that does not answer in HTTP/2 may still answer in HTTP/1.1. */
    private PastSidecar declaredWrong(String id) throws ApiException, IOException, InterruptedException {
        var asked = asked(id);
        if (!(asked instanceof PastSidecar.Answered(var answer, var _))) {
            return asked;
        }
        var response = answer.exchanges().getFirst().response();
        return response.version().startsWith("HTTP/1")
                ? new PastSidecar.OtherProtocol(
                        PortSpeech.HTTP_1,
                        "it speaks HTTP/1.1 (" + question.request().method() + " "
                                + question.path().orElseThrow() + " is answered with " + response.status()
                                + "), and is declared as HTTP/2")
                : new PastSidecar.NotAsked("the port is declared as HTTP/2, and does not answer a greeting in it");
    }

    private PastSidecar declaredTls() throws ApiException, IOException, InterruptedException {
        if (speaksTls()) {
            return new PastSidecar.NotAsked(
                    "the port speaks TLS of the app's own, as it is declared: the mesh passes its bytes on unread");
        }
        var speech = preface();
        return speech == PortSpeech.HTTP_1 || speech == PortSpeech.HTTP_2
                ? new PastSidecar.OtherProtocol(speech, "it speaks plain text, and is declared as TLS")
                : new PastSidecar.NotAsked("the port is declared as TLS, and does not answer a greeting in it");
    }

    private PastSidecar asked(String id) throws ApiException, IOException, InterruptedException {
        ProbeResult.Answered answer;
        try (var forward = PortForward.open(api, pod(), port())) {
            var probe = new Probe(request(id), limits(), envoyVersion);
            answer = probe.ask(target(), forward);
            if (forward.refused()) {
                return new PastSidecar.Refused(port());
            }
            if (answer.exchanges().getFirst().total() == 0
                    && !forward.failure().isEmpty()
                    && !forward.failure().contains("reset by peer")) {
                return new PastSidecar.Failed(
                        "the kubelet could not forward to port " + port() + ": " + Printable.words(forward.failure()));
            }
        }
        return otherProtocol(answer).orElseGet(() -> new PastSidecar.Answered(answer, Optional.empty()));
    }

    /** A port that does not speak HTTP/1.1 usually answers with an error, with nothing, or with other bytes. */
    private Optional<PastSidecar> otherProtocol(ProbeResult.Answered answer)
            throws ApiException, IOException, InterruptedException {
        var judged = answer.judged().getFirst();
        var rules = judged.findings().stream().map(each -> each.rule()).toList();
        if (rules.contains(Rule.SPEAKS_HTTP2)) {
            return Optional.of(new PastSidecar.OtherProtocol(PortSpeech.HTTP_2, "it speaks HTTP/2"));
        }
        boolean odd = rules.contains(Rule.SPEAKS_TLS)
                || rules.contains(Rule.NO_RESPONSE)
                || rules.contains(Rule.NOT_HTTP)
                || judged.status() == 400;
        if (odd && speaksTls()) {
            return Optional.of(new PastSidecar.OtherProtocol(PortSpeech.TLS, "it speaks TLS"));
        }
        return rules.contains(Rule.NO_RESPONSE) && preface() == PortSpeech.HTTP_2
                ? Optional.of(new PastSidecar.OtherProtocol(PortSpeech.HTTP_2, "it speaks HTTP/2"))
                : Optional.empty();
    }

    private boolean speaksTls() throws ApiException, IOException, InterruptedException {
        try (var forward = PortForward.open(api, pod(), port())) {
            return PortSpeech.speaksTls(forward);
        }
    }

    private PortSpeech preface() throws ApiException, IOException, InterruptedException {
        try (var forward = PortForward.open(api, pod(), port())) {
            return PortSpeech.ofPreface(forward);
        }
    }

    private Limits limits() {
        return new Limits(question.patience(), MAX_BYTES, true).hastily();
    }

    private ProbeRequest request(String id) {
        var fields = new ArrayList<>(question.request().fields());
        fields.removeIf(field -> field.toLowerCase(Locale.ROOT).startsWith(ID + ":"));
        fields.add(ID + ": " + id);
        return new ProbeRequest(
                question.request().method(), fields, question.request().body());
    }

    /** The response, or why there is none, without facts that only the log has. */
    ThroughSidecar through(String id, PastSidecar past) throws InterruptedException {
        var path = question.path().orElseThrow();
        if (path.matches("(?:.*/)?\\.\\.?(?:[/?].*)?")) {
            return new ThroughSidecar.NotAsked(
                    "the path has '.' or '..' in it, which the API server would resolve on its own paths");
        }
        var method = question.request().method();
        if (!PodProxy.takes(method)) {
            return new ThroughSidecar.NotAsked("the API server's Pod proxy takes no " + Printable.of(method));
        }
        if (!isText(question.request().body().toArray())) {
            return new ThroughSidecar.NotAsked(
                    "the request's body is no UTF-8 text, and the Pod proxy is asked with text only");
        }
        try {
            var answer = api.begin(proxied(path), PodProxy.forwarded(request(id)));
            return refusal(answer, past).orElseGet(() -> answered(answer, past));
        } catch (ApiException e) {
            return new ThroughSidecar.NotReached(e.failure().message(), false, false);
        }
    }

    private static boolean isText(byte[] body) {
        return Arrays.equals(new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), body);
    }

    private KubeRequest proxied(String path) {
        var method = question.request().method();
        var verb = NotPermitted.verb(method);
        var body = new String(question.request().body().toArray(), StandardCharsets.UTF_8);
        var type = question.request().fields().stream()
                .filter(each -> each.toLowerCase(Locale.ROOT).startsWith("content-type:"))
                .map(each -> each.substring("content-type:".length()).strip())
                .findFirst()
                .orElse("application/x-www-form-urlencoded");
        return new KubeRequest(
                verb,
                "pods/proxy " + pod().name(),
                method,
                pod().path() + ":" + port() + "/proxy" + PodProxy.uri(path),
                type,
                body);
    }

    /** Whether it is the API server itself that answered, because the Pod did not: by an object that no app sends, unless this one did. */
    private Optional<ThroughSidecar> refusal(KubeAnswer answer, PastSidecar past) {
        var text = answer.text();
        if (answer.status() < 400 || !text.startsWith(STATUS) || saidTheSame(past)) {
            return Optional.empty();
        }
        var message = Printable.words(JsonTree.read(text).path("message").asString(""));
        return Optional.of(new ThroughSidecar.NotReached(
                message.isEmpty()
                        ? "the API server answered " + answer.status()
                        : message.replaceFirst("^error trying to reach service: ", ""),
                message.contains("connection refused"),
                message.contains("connection reset by peer") || message.endsWith("EOF")));
    }

    private static boolean saidTheSame(PastSidecar past) {
        return past instanceof PastSidecar.Answered sent
                && new String(sent.answer().exchanges().getFirst().received().toArray(), StandardCharsets.UTF_8)
                        .contains(STATUS);
    }

    private ThroughSidecar answered(KubeAnswer answer, PastSidecar past) {
        return new ThroughSidecar.Answered(
                answer.status(),
                answer.field("server").orElse(""),
                answer.text(),
                Optional.empty(),
                CodecWords.NONE,
                past instanceof PastSidecar.Answered sent
                                && answer.whole()
                                && answer.status() < 500
                                && question.withheld().isEmpty()
                        ? altered(sent.answer(), answer)
                        : List.of());
    }

    /** The differences, beyond the changes that a proxy and the API server may make. */
    private List<ProxyAlteration> altered(ProbeResult.Answered past, KubeAnswer answer) {
        var exchange = past.exchanges().getFirst();
        var context = RequestContext.of(question.request().method());
        if (exchange.total() > exchange.received().length()) {
            return List.of();
        }
        var sent = ResponseReader.read(
                context, exchange.received().toArray(), exchange.response().closedBy());
        // The API server rewrites links in HTML.
        boolean rewritten = answer.field("content-type").orElse("").startsWith("text/html");
        return ProxyAlteration.between(sent, arrived(answer, context)).stream()
                .filter(each ->
                        !NOT_COMPARED.contains(each.what()) && !each.what().startsWith(OWN_PREFIX))
                .filter(each -> !(each.sent().isEmpty() && OF_API_SERVER.contains(each.what())))
                .filter(each -> !(rewritten
                        && (each.what().equals("body") || each.what().equals("content-length"))))
                .toList();
    }

    private static FramingReport arrived(KubeAnswer answer, RequestContext context) {
        var bytes = new ByteArrayOutputStream();
        var head = new StringBuilder("HTTP/1.1 " + answer.status() + " \r\n");
        answer.fields().forEach((name, values) -> {
            boolean own = name.equals("content-length") && context.method().equals("HEAD");
            if (own || (!name.startsWith(":") && !name.equals("transfer-encoding") && !name.equals("content-length"))) {
                values.forEach(
                        value -> head.append(name).append(": ").append(value).append("\r\n"));
            }
        });
        // To HEAD it is the length of what GET would be answered with.
        head.append(
                        context.method().equals("HEAD")
                                ? ""
                                : "content-length: " + answer.body().length() + "\r\n")
                .append("\r\n");
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(answer.body().toArray());
        return ResponseReader.read(context, bytes.toByteArray(), CloseReason.OPEN);
    }
}
