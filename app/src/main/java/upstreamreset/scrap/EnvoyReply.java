// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.EnvoyWords;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.ResetReason;
import upstreamreset.accesslog.ResponseFlag;

/**
 * Takes Envoy's own reply apart: {@code upstream connect error or disconnect/reset before headers. retried and the latest
 * reset reason: connection failure, transport failure reason: delayed connect error: 111}.
 */
final class EnvoyReply {
    /** How the {@code router} logger begins, at level debug, of each attempt that breaks. */
    static final String ATTEMPT = "upstream reset";

    private static final String OWN =
            "Envoy made this reply itself, in the app's place: a proxy on the way, which the text does not name";

    private static final List<String> WITHOUT_REASON =
            List.of("connection-failed", "app-closed", "keep-alive-race", "tls-handshake-failed");

    /** In a reply, cut or not; or in Envoy's debug log. */
    private static final Pattern SENTENCE = Pattern.compile(
            "(?i)(?:" + Pattern.quote(EnvoyWords.REPLY)
                    + "|disconnect/reset before headers|\\b(?:before )?headers(?=[.,:]\\s*(?:retried|reset reason))|"
                    + ATTEMPT + "(?=: reset reason))(?:[.:,]?\\s*(" + EnvoyWords.RETRIED + ")?"
                    + EnvoyWords.REASON.strip()
                    + "\\s*(.*))?",
            Pattern.DOTALL);

    private static final Pattern TRANSPORT = Pattern.compile("(?i),\\s*" + EnvoyWords.TRANSPORT.strip() + "\\s*");

    /** The text that a gRPC client writes before it. */
    private static final Pattern GRPC = Pattern.compile(
            "\\bcode ?= ?\"?[A-Z][a-z]\\w+|StatusCode|\\bCode: Unavailable|^\\s+Message: $|(?:^|[^\\d:.])14: ?$"
                    + "|(?<!SERVICE )\\bUNAVAILABLE\\b|(?i:grpc)|StatusRuntimeException");

    /** What its clients write behind it. */
    private static final Pattern GRPC_BEHIND =
            Pattern.compile("grpc[_-](?:status|message)|\"code\": ?14\\b|\\bUNAVAILABLE\\b");

    /** The end of the sentence if somebody quotes it. */
    private static final Pattern END = Pattern.compile(
            "[\"'`<\\\\\\n\\r\u201c\u201d\u2019\u00ab\u00bb]|\\* (?:Connection|Closing)|\\]\\]|[.,] (?:debug_error_string|header:)|(?:(?<!\\(no error|[\\])}])|(?<=\\(no error.))[\\])}]++$");

    private EnvoyReply() {}

    static Optional<Scrap> find(String given) {
        // A glance: nearly all lines of other programs have neither.
        if (!given.contains("eaders") && !given.contains(ATTEMPT)) {
            return Optional.empty();
        }
        // PHP's JSON escapes it.
        var line = given.indexOf('\\') < 0 ? given : given.replace("\\/", "/");
        var sentence = SENTENCE.matcher(line);
        if (!sentence.find()) {
            return Optional.empty();
        }
        var words = line.substring(sentence.start());
        var end = END.matcher(words);
        words = (end.find() ? words.substring(0, end.start()) : words).strip();
        var fields = new EnumMap<LogField, String>(LogField.class);
        var notes = new ArrayList<String>();
        boolean attempt = words.regionMatches(true, 0, ATTEMPT, 0, ATTEMPT.length());
        boolean grpc = GRPC.matcher(line.substring(0, sentence.start())).find()
                || GRPC_BEHIND.matcher(line).find();
        boolean retried = sentence.group(1) != null;
        if (sentence.group(2) == null) {
            notes.add("the reason is missing: Envoy writes it after \"reset reason:\" since 1.13");
        } else {
            int begin = Math.min(sentence.start(2) - sentence.start(), words.length());
            reason(words.substring(begin), grpc, fields);
        }
        if (grpc) {
            notes.add(
                    "a gRPC client got it: Envoy answers a gRPC call HTTP 200 with grpc-status 14 and this text in grpc-message");
        }
        if (retried) {
            notes.add("it was retried, and this is the reason of the last attempt: earlier attempts may have"
                    + " reached the app");
        }
        if (fields.isEmpty()) {
            return Optional.of(Scrap.naming(words, "Envoy", OWN, WITHOUT_REASON).with(notes));
        }
        if (attempt) {
            notes.add("whether it was retried, and how the request ended, is in the access log");
        }
        return Optional.of(Scrap.telling(
                words,
                attempt ? "Envoy's debug log: one attempt at the upstream broke" : OWN,
                new AccessLogEntry(fields),
                notes));
    }

    private static void reason(String text, boolean grpc, EnumMap<LogField, String> fields) {
        var transport = TRANSPORT.matcher(text);
        boolean more = transport.find();
        var spelled = (more ? text.substring(0, transport.start()) : text).strip();
        var reason = ResetReason.begunBy(spelled.endsWith(".") ? spelled.substring(0, spelled.length() - 1) : spelled);
        var details = "upstream_reset_before_response_started{" + reason.text().replace(' ', '_');
        if (more) {
            var why = text.substring(transport.end()).strip();
            fields.put(LogField.UPSTREAM_TRANSPORT_FAILURE_REASON, why);
            details += "|" + why.replace(' ', '_');
        }
        fields.put(LogField.RESPONSE_CODE_DETAILS, details + "}");
        var flag = reason.flag();
        flag.ifPresent(each -> fields.put(LogField.RESPONSE_FLAGS, each.name()));
        fields.put(LogField.RESPONSE_CODE, grpc ? "200" : flag.equals(Optional.of(ResponseFlag.UPE)) ? "502" : "503");
    }
}
