// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.ResetReason;
import upstreamreset.http1.Rule;
import upstreamreset.scrap.Scrap;
import upstreamreset.scrap.ScrapReader;
import upstreamreset.scrap.Transcript;

/**
 * Explains an exchange that an HTTP client printed: whether Envoy made the response, which hop did if its fields prove
 * that, and which rule the fields break.
 */
final class TranscriptExplainer {
    private static final String SERVICE_TIME = "x-envoy-upstream-service-time";
    private static final Pattern CHUNKED_TWICE = Pattern.compile("(?i)\\s*chunked\\s*(?:,\\s*chunked\\s*)+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern PROXY_STATUS_DETAILS = Pattern.compile("details=\"?([^\";]+)");

    private final ScrapExplainer scraps;

    TranscriptExplainer(ScrapExplainer scraps) {
        this.scraps = scraps;
    }

    ScrapExplanation explain(Transcript transcript) {
        var broken = broken(transcript);
        if (!broken.isEmpty()) {
            return malformed(transcript, broken);
        }
        var reply = reply(transcript);
        if (reply.isPresent()) {
            return envoysOwn(transcript, scraps.explain(reply.get()));
        }
        var complaint = transcript.complaints().stream()
                .map(ScrapReader::read)
                .flatMap(Optional::stream)
                .findFirst();
        if (complaint.isPresent()) {
            return complaint(transcript, scraps.explain(complaint.get()));
        }
        return answered(transcript);
    }

    /** The rules that the printed fields themselves break; a client prints no field of HTTP/1 that did not come. */
    private static List<Rule> broken(Transcript transcript) {
        if (!transcript.isHttp1()) {
            return List.of();
        }
        var rules = new ArrayList<Rule>();
        var codings = transcript.values("Transfer-Encoding");
        var lengths = transcript.values("Content-Length");
        boolean joined =
                codings.size() == 1 && CHUNKED_TWICE.matcher(codings.getFirst()).matches();
        if (codings.size() > 1 || joined) {
            rules.add(Rule.DUPLICATE_TRANSFER_ENCODING);
        } else if (codings.size() == 1 && codings.getFirst().isBlank()) {
            rules.add(Rule.EMPTY_TRANSFER_ENCODING);
        } else if (codings.size() == 1 && !codings.getFirst().strip().equalsIgnoreCase("chunked")) {
            rules.add(Rule.UNSUPPORTED_TRANSFER_ENCODING);
        }
        if (!codings.isEmpty() && !lengths.isEmpty()) {
            rules.add(Rule.TRANSFER_ENCODING_AND_CONTENT_LENGTH);
        }
        if (lengths.size() > 1) {
            rules.add(Rule.DUPLICATE_CONTENT_LENGTH);
        } else if (lengths.size() == 1
                && !NUMBER.matcher(lengths.getFirst().strip()).matches()) {
            rules.add(Rule.INVALID_CONTENT_LENGTH);
        }
        if (transcript.status() == 204 && !codings.isEmpty()) {
            rules.add(Rule.TRANSFER_ENCODING_FORBIDDEN);
        }
        if (transcript.status() == 204
                && lengths.stream().anyMatch(length -> !length.strip().equals("0"))) {
            rules.add(Rule.CONTENT_LENGTH_FORBIDDEN);
        }
        return rules;
    }

    private ScrapExplanation malformed(Transcript transcript, List<Rule> rules) {
        var notes = new ArrayList<String>();
        notes.add("this client accepted it: clients are often more tolerant than proxies");
        fromEnvoy(transcript).ifPresent(notes::add);
        return new ScrapExplanation(
                title(transcript),
                "the client",
                "this response breaks HTTP, so Envoy answers 502 UPE instead: "
                        + String.join(
                                ", ",
                                rules.stream().map(TranscriptExplainer::seen).toList()),
                true,
                false,
                OptionalInt.empty(),
                notes,
                scraps.causes(rules.stream().map(Rule::id).toList(), entry(transcript)),
                rules);
    }

    private static String seen(Rule rule) {
        return switch (rule) {
            case DUPLICATE_TRANSFER_ENCODING -> "Transfer-Encoding appears twice";
            case TRANSFER_ENCODING_AND_CONTENT_LENGTH -> "Transfer-Encoding and Content-Length are both present";
            case DUPLICATE_CONTENT_LENGTH -> "Content-Length appears twice";
            case UNSUPPORTED_TRANSFER_ENCODING -> "Transfer-Encoding is not chunked";
            case EMPTY_TRANSFER_ENCODING -> "Transfer-Encoding is empty";
            case INVALID_CONTENT_LENGTH -> "Content-Length is not a number";
            case TRANSFER_ENCODING_FORBIDDEN -> "a 204 has Transfer-Encoding";
            default -> "a 204 has Content-Length";
        };
    }

    /** Envoy's own text: in the body, in grpc-message, in proxy-status, or only by its length. */
    private static Optional<Scrap> reply(Transcript transcript) {
        for (var line : transcript.body().lines().limit(50).toList()) {
            var scrap = ScrapReader.read(line).filter(each -> each.speaker().equals("Envoy"));
            if (scrap.isPresent()
                    && (scrap.get().tells() || fromEnvoy(transcript).isPresent() || transcript.status() >= 400)) {
                return scrap;
            }
        }
        var message = transcript
                .value("grpc-message")
                .map(TranscriptExplainer::decoded)
                .flatMap(text -> ScrapReader.read(
                        "rpc error: code = " + transcript.value("grpc-status").orElse("?") + " desc = " + text));
        if (message.isPresent()) {
            return message;
        }
        var status = transcript.value("proxy-status").map(PROXY_STATUS_DETAILS::matcher);
        if (status.isPresent() && status.get().find()) {
            return ScrapReader.read(status.get().group(1));
        }
        return Optional.empty();
    }

    /** The proxy that answered made the text itself, unless it counted an upstream's time: then it passed the text on. */
    private static ScrapExplanation envoysOwn(Transcript transcript, ScrapExplanation reply) {
        var notes = new ArrayList<>(reply.notes());
        boolean passedOn = transcript.value(SERVICE_TIME).isPresent();
        transcript
                .value("server")
                .ifPresent(server -> notes.add("server: " + server
                        + (isEnvoy(server)
                                ? ": the response came through Istio's or another Envoy"
                                : ": an Envoy as Istio configures it did not write this field")));
        notes.add(
                passedOn
                        ? SERVICE_TIME
                                + " is present: the proxy that answered got this response from its upstream, so another Envoy, one hop further, made it"
                        : SERVICE_TIME + " is missing: the proxy that answered made the response itself");
        attempts(transcript).ifPresent(notes::add);
        return new ScrapExplanation(
                title(transcript),
                "Envoy",
                passedOn
                        ? "an Envoy made this " + transcript.status()
                                + ", one hop beyond the proxy that answered; the app did not"
                        : "the Envoy that answered made this " + transcript.status() + " itself; the app did not",
                true,
                false,
                reply.appRan(),
                notes,
                reply.causes(),
                reply.rules());
    }

    private static ScrapExplanation complaint(Transcript transcript, ScrapExplanation said) {
        var notes = new ArrayList<>(said.notes());
        fromEnvoy(transcript).ifPresent(notes::add);
        return new ScrapExplanation(
                transcript.status() == 0 ? said.words() : title(transcript) + ", then: " + said.words(),
                said.speaker(),
                said.verdict(),
                true,
                false,
                OptionalInt.empty(),
                notes,
                said.causes(),
                said.rules());
    }

    /** A response without Envoy's text. */
    private ScrapExplanation answered(Transcript transcript) {
        var ids = new ArrayList<String>();
        var notes = new ArrayList<String>();
        boolean grpcFailed = transcript
                .value("grpc-status")
                .filter(code -> !code.strip().equals("0"))
                .isPresent();
        boolean failed = transcript.status() >= 400 || grpcFailed;
        boolean byProxy =
                transcript.value("server").filter(TranscriptExplainer::isEnvoy).isPresent();
        boolean served = transcript.value(SERVICE_TIME).isPresent();
        fromEnvoy(transcript).ifPresent(notes::add);
        attempts(transcript).ifPresent(notes::add);
        var lengths = byProxy && !served && transcript.status() >= 500 ? byLength(transcript) : List.<ResetReason>of();
        String verdict;
        if (!failed) {
            verdict = "nothing failed: the response is " + transcript.status()
                    + (served ? ", and came from an upstream" : "");
        } else if (transcript.value("x-envoy-overloaded").isPresent()) {
            verdict =
                    "an Envoy refused the request: x-envoy-overloaded says that a limit of its connection pool or of its own is reached";
            ids.addAll(List.of("circuit-breaker", "overload"));
        } else if (!lengths.isEmpty()) {
            verdict = "an Envoy made this " + transcript.status()
                    + " itself: the length is that of its own text, \"reset reason: "
                    + String.join(
                            "\" or \"", lengths.stream().map(ResetReason::text).toList()) + "\"";
            for (var reason : lengths) {
                reason.flag().ifPresent(flag -> {
                    var fields = new EnumMap<LogField, String>(LogField.class);
                    fields.put(LogField.RESPONSE_CODE, Integer.toString(transcript.status()));
                    fields.put(LogField.RESPONSE_FLAGS, flag.name());
                    ids.addAll(Causes.of(ScrapExplainer.hop(new AccessLogEntry(fields))).stream()
                            .map(Cause::id)
                            .toList());
                });
            }
        } else if (byProxy && served) {
            verdict = "the proxy passed this " + transcript.status()
                    + " on: its upstream, the app or the next proxy, sent it";
            ids.add("next-hop");
        } else if (byProxy) {
            verdict = "an Envoy sent this " + transcript.status()
                    + ", and nothing says that an upstream did: the proxy itself answered";
            ids.addAll(ownAnswer(transcript));
        } else if (transcript.fields().isEmpty()) {
            verdict = "a " + transcript.status() + " without its fields: its origin is unknown";
        } else {
            verdict = "no field of Envoy's is in this " + transcript.status() + ": the app, or another proxy, made it";
            ids.add("app-answered");
        }
        return new ScrapExplanation(
                title(transcript),
                "the client",
                verdict,
                failed,
                false,
                OptionalInt.empty(),
                notes,
                scraps.causes(List.copyOf(new LinkedHashSet<>(ids)), entry(transcript)),
                List.of());
    }

    private static List<ResetReason> byLength(Transcript transcript) {
        var length = transcript
                .value("content-length")
                .map(String::strip)
                .filter(each -> NUMBER.matcher(each).matches());
        return length.map(each -> ResetReason.known()
                        .filter(reason -> reason.hasBodyLength(Long.parseLong(each)))
                        .toList())
                .orElse(List.of());
    }

    private static List<String> ownAnswer(Transcript transcript) {
        return switch (transcript.status()) {
            case 404 -> List.of("no-route");
            case 401 -> List.of("jwt-refused");
            case 403 -> List.of("authorization-policy", "external-authorization");
            case 408 -> List.of("slow-client-request");
            case 429 -> List.of("rate-limited");
            case 400, 426, 431, 501 -> List.of("invalid-client-request");
            case 502 -> List.of("registry-only", "direct-response");
            case 503 -> List.of("cluster-not-found", "no-healthy-upstream", "filter-answered");
            case 504 -> List.of("upstream-timeout");
            default -> List.of("filter-answered");
        };
    }

    private static Optional<String> fromEnvoy(Transcript transcript) {
        var signs = new LinkedHashMap<String, String>();
        transcript
                .value("server")
                .filter(TranscriptExplainer::isEnvoy)
                .ifPresent(server -> signs.put("server", server));
        for (var field : transcript.fields()) {
            var name = field.name().toLowerCase(Locale.ROOT);
            if (name.startsWith("x-envoy-")) {
                signs.putIfAbsent(name, field.value());
            }
        }
        return signs.isEmpty()
                ? Optional.empty()
                : Optional.of("it came through an Envoy: "
                        + String.join(
                                ", ",
                                signs.entrySet().stream()
                                        .map(sign -> sign.getKey() + ": " + sign.getValue())
                                        .toList()));
    }

    private static Optional<String> attempts(Transcript transcript) {
        return transcript
                .value("x-envoy-attempt-count")
                .filter(count -> !count.strip().equals("1"))
                .map(count -> "x-envoy-attempt-count: " + count + ": it was retried");
    }

    private static boolean isEnvoy(String server) {
        var name = server.toLowerCase(Locale.ROOT).strip();
        return name.equals("envoy") || name.equals("istio-envoy");
    }

    private static String title(Transcript transcript) {
        return (transcript.request().isEmpty() ? "" : transcript.request() + " -> ") + transcript.version() + " "
                + transcript.status();
    }

    private static AccessLogEntry entry(Transcript transcript) {
        var fields = new EnumMap<LogField, String>(LogField.class);
        transcript.method().ifPresent(method -> fields.put(LogField.METHOD, method));
        transcript.target().ifPresent(target -> fields.put(LogField.PATH, target));
        return new AccessLogEntry(fields);
    }

    /** grpc-message is percent-encoded. */
    private static String decoded(String text) {
        return text.replace("%20", " ")
                .replace("%3A", ":")
                .replace("%2C", ",")
                .replace("%7C", "|")
                .replace("%2F", "/");
    }
}
