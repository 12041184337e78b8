// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.ArrayList;
import java.util.EnumMap;
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
    private static final Pattern SENTENCE = Pattern.compile(
            "(?i)(?:" + Pattern.quote(EnvoyWords.REPLY) + "|disconnect/reset before headers)" + "(?:[.:,]?\\s*("
                    + EnvoyWords.RETRIED + ")?" + EnvoyWords.REASON.strip() + "\\s*(.*))?",
            Pattern.DOTALL);
    private static final Pattern TRANSPORT = Pattern.compile("(?i),\\s*" + EnvoyWords.TRANSPORT.strip() + "\\s*");

    /** The text that a gRPC client writes before it. */
    private static final Pattern GRPC =
            Pattern.compile("(?i)code ?= ?\"?\\w+|StatusCode|\\bUNAVAILABLE\\b|grpc|StatusRuntimeException");

    /** The end of the sentence if somebody quotes it. */
    private static final Pattern END =
            Pattern.compile("[\"'`<\\\\\\n\\r\u201d\u2019]|\\* (?:Connection|Closing)|\\]\\]");

    private EnvoyReply() {}

    static Optional<Scrap> find(String line) {
        var sentence = SENTENCE.matcher(line);
        if (!sentence.find()) {
            return Optional.empty();
        }
        var words = line.substring(sentence.start());
        var end = END.matcher(words);
        words = (end.find() ? words.substring(0, end.start()) : words).strip();
        var fields = new EnumMap<LogField, String>(LogField.class);
        var notes = new ArrayList<String>();
        boolean grpc = GRPC.matcher(line.substring(0, sentence.start())).find();
        boolean retried = sentence.group(1) != null;
        if (sentence.group(2) == null) {
            fields.put(LogField.RESPONSE_CODE_DETAILS, "upstream_reset_before_response_started");
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
        return Optional.of(Scrap.telling(
                words,
                "Envoy made this reply itself, in the app's place: a proxy on the way, which the text does not name",
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
