// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.ResponseCodeDetails;
import upstreamreset.accesslog.ResponseFlag;

/** Finds a status, a flag (short or long) or a details word on its own: {@code 503 UC}. */
final class ShortWords {
    /** A longer line is prose or a log: two letters in it prove nothing. */
    private static final int MAX_NOTE = 160;

    private static final int MAX_QUESTION = 60;

    /** The longest short name. */
    private static final int MAX_SHORT = 5;

    private static final String SHORT = names(ResponseFlag::name);
    private static final String LONG = names(ResponseFlag::longName);

    private static final Pattern WITH_STATUS = Pattern.compile(
            "(?<![\\w.-])(0|[1-5]\\d\\d)[\\s/(:;,\\[-]{0,3}((?:" + SHORT + ")(?:,(?:" + SHORT + "))*)(?![\\w-])");
    private static final Pattern NAMED = Pattern.compile(
            "(?i:flags?|code details|\\brf)\\W{0,6}((?:" + SHORT + ")(?:,(?:" + SHORT + "))*)(?![\\w-])");
    private static final Pattern LONG_NAME = Pattern.compile("(?<!\\w)(" + LONG + ")(?!\\w)");
    private static final Pattern ALONE = Pattern.compile("\\W*(?:(0|[1-5]\\d\\d)\\W{1,3})?((?:" + SHORT + "|" + LONG
            + ")(?:,(?:" + SHORT + "|" + LONG + "))*)(?:\\W.{0,80})?");
    private static final Pattern ASKS = Pattern.compile("(?i)\\b(?:what|meaning|means?|why|explain)\\b");
    private static final Pattern ASKED = Pattern.compile("(?<![\\w-])(" + SHORT + ")(?![\\w-])");
    private static final Pattern DETAILS = Pattern.compile(
            "(?<![\\w.])((?:[a-z][a-z0-9]*_[a-z0-9_]+|http[123]\\.[a-z0-9_.]+|codec_error|overload)(?:\\{[^}]*}|\\([\\w.]*\\)|\\[[^\\s\"]*]|:[A-Z]\\w*)?)");

    private ShortWords() {}

    static Optional<Scrap> find(String line) {
        var text = line.strip();
        var fields = new EnumMap<LogField, String>(LogField.class);
        if (mayNameFlag(text)) {
            flags(text, fields);
        }
        if (mayNameDetails(text)) {
            details(text, fields);
        }
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Scrap.telling(text, says(fields), new AccessLogEntry(fields), List.of()));
    }

    /** The same where the line holds the details of a reset, which nothing else is mistaken for. */
    static Optional<Scrap> reset(String line) {
        return line.contains("upstream_reset_") ? find(line).filter(ShortWords::hasReason) : Optional.empty();
    }

    private static boolean hasReason(Scrap scrap) {
        return scrap.told().details().filter(ResponseCodeDetails::isReset).isPresent();
    }

    /** A glance, without which lines of other programs take twice the time: whether letters end in a flag's name. */
    private static boolean mayNameFlag(String text) {
        int letters = 0;
        int capitals = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            boolean capital = c >= 'A' && c <= 'Z';
            if (capital || (c >= 'a' && c <= 'z')) {
                letters++;
                capitals = capital ? capitals + 1 : 0;
                continue;
            }
            if (letters > MAX_SHORT && isFlag(text, i - letters, i)) {
                return true;
            }
            for (int length = 2; length <= Math.min(capitals, MAX_SHORT); length++) {
                if (isFlag(text, i - length, i)) {
                    return true;
                }
            }
            letters = 0;
            capitals = 0;
        }
        return false;
    }

    private static boolean isFlag(String text, int from, int to) {
        return ResponseFlag.of(text.substring(from, to)).isPresent();
    }

    /** A glance too: what each alternative of {@link #DETAILS} holds. */
    private static boolean mayNameDetails(String text) {
        return text.indexOf('_') >= 0 || text.contains("http") || text.contains("overload");
    }

    private static String says(EnumMap<LogField, String> fields) {
        var parts = new ArrayList<String>();
        if (fields.containsKey(LogField.RESPONSE_FLAGS)) {
            parts.add(fields.get(LogField.RESPONSE_FLAGS).contains(",") ? "response flags" : "a response flag");
        }
        if (fields.containsKey(LogField.RESPONSE_CODE_DETAILS)) {
            parts.add("response code details");
        }
        return String.join(" and ", parts) + " of Envoy's access log, without the rest of the line";
    }

    private static void flags(String text, EnumMap<LogField, String> fields) {
        for (var pattern : List.of(WITH_STATUS, NAMED, LONG_NAME, ALONE, ASKED)) {
            var found = pattern.matcher(text);
            boolean whole = pattern == ALONE;
            if (pattern == ASKED
                    && (text.length() > MAX_QUESTION || !ASKS.matcher(text).find())) {
                return;
            }
            if (whole ? text.length() <= MAX_NOTE && found.matches() : found.find()) {
                boolean status = found.groupCount() > 1;
                if (status && found.group(1) != null) {
                    fields.put(LogField.RESPONSE_CODE, found.group(1));
                }
                fields.put(LogField.RESPONSE_FLAGS, found.group(found.groupCount()));
                return;
            }
        }
    }

    /** A details word that other texts use too counts only alone. */
    private static void details(String text, EnumMap<LogField, String> fields) {
        var found = DETAILS.matcher(text);
        while (found.find()) {
            var word = found.group(1);
            boolean alone = word.length() + 4 >= text.length() || !fields.isEmpty();
            if ((alone || isDistinct(word))
                    && ResponseCodeDetails.parse(word).words().isPresent()) {
                fields.put(LogField.RESPONSE_CODE_DETAILS, word);
                return;
            }
        }
    }

    private static boolean isDistinct(String word) {
        return word.startsWith("upstream_reset_")
                || word.startsWith("http1.")
                || word.startsWith("http2.")
                || word.chars().filter(c -> c == '_').count() >= 2;
    }

    private static String names(Function<ResponseFlag, String> name) {
        return Arrays.stream(ResponseFlag.values()).map(name).collect(Collectors.joining("|"));
    }
}
