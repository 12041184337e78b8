// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a text line that was truncated at either end, or lost its quotes. The position of status, flag and details
 * gives the position of the other fields. It skips a word that may be truncated.
 *
 * @param whole whether the line reaches the end of its format
 */
record LineFragment(AccessLogEntry entry, boolean whole) {
    private static final List<LogFormat> FORMATS =
            List.of(LogFormat.of(LogFormat.ISTIO), LogFormat.of(LogFormat.ENVOY), LogFormat.of(LogFormat.OLD_ISTIO));
    private static final String FLAG = Arrays.stream(ResponseFlag.values())
            .flatMap(flag -> Stream.of(flag.name(), flag.longName()))
            .collect(Collectors.joining("|", "(?:", ")"));
    private static final String FLAGS = FLAG + "(?:," + FLAG + ")*";
    private static final Pattern STATUS_AND_FLAGS =
            Pattern.compile("(?:^|(?<=[\\s\"']))(0|[1-9]\\d{2,3})\\s+(" + FLAGS + "|-)(?=\\s|$)");
    private static final Pattern FLAGS_AND_DETAILS =
            Pattern.compile("(?:^|(?<=\\s))(" + FLAGS + "|-)\\s+(?=[a-z][a-z0-9_.]{4,}[^\\s]*)");
    private static final Pattern DETAILS =
            Pattern.compile("(?:^|(?<=\\s))(?=[a-z][a-z0-9]*_[^\\s]* \\S+ \"[^\"]*\" (?:\\d+ ){2})");
    private static final Pattern REQUEST =
            Pattern.compile("(?:(?:^|(?<=[\"'\\s]))([A-Z]{3,16}) (\\S+) )?(HTTP/[0-9](?:\\.[0-9])?)[\"']?$");
    private static final Pattern NO_REQUEST = Pattern.compile("- - (?:-|HTTP/[0-9.]{1,3})[\"']?$");
    private static final Pattern TIME =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z)]?[\"'\\s]*$");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    /** What is left of a reset's details where the cut went through them, as far as it still tells which of the two they are. */
    private static final Pattern CUT_DETAILS =
            Pattern.compile("^(?:u?p?s?t?r?e?a?m?_?r?e?s?e?t?_?)(before|after)(_response_started\\{)");

    static Optional<LineFragment> read(String cut) {
        var line =
                cut.contains("_response_started{") ? CUT_DETAILS.matcher(cut).replaceFirst("upstream_reset_$1$2") : cut;
        for (var found = STATUS_AND_FLAGS.matcher(line); found.find(); ) {
            var fragment = of(line, found.start(1), found.group(1), found.group(2), found.end());
            if (fragment.isPresent()) {
                return fragment;
            }
        }
        Matcher flags = FLAGS_AND_DETAILS.matcher(line);
        if (flags.find()) {
            var fragment = of(line, flags.start(), "", flags.group(1), flags.end(1));
            if (fragment.isPresent()) {
                return fragment;
            }
        }
        Matcher details = DETAILS.matcher(line);
        return details.find() ? of(line, details.start(), "", "", details.start()) : Optional.empty();
    }

    private static Optional<LineFragment> of(String line, int begin, String status, String flags, int end) {
        var before = line.substring(0, begin).stripTrailing();
        var behind = words(line.substring(end));
        var request = REQUEST.matcher(before);
        boolean isRequest = !status.isEmpty()
                && (request.find() || NO_REQUEST.matcher(before).find());
        boolean details = !behind.isEmpty()
                && LooseFields.isEnvoysDetails(behind.getFirst().text());
        boolean known = !flags.isEmpty() && !flags.equals("-");
        boolean numbers = numbers(behind, 0, 3);
        boolean old = !behind.isEmpty() && behind.getFirst().quoted() && numbers(behind, 2, 3);
        boolean proven = known
                ? isRequest || details || (numbers && !status.isEmpty())
                : details || (isRequest && (numbers || old || isKnownWord(behind)));
        if (!proven) {
            return Optional.empty();
        }
        var fields = new EnumMap<LogField, String>(LogField.class);
        if (isRequest && request.reset().find()) {
            request(before, request, fields);
        }
        put(fields, LogField.RESPONSE_CODE, status);
        put(fields, LogField.RESPONSE_FLAGS, flags);
        var format = FORMATS.get(numbers ? 1 : old ? 2 : 0);
        boolean whole = behind(format, behind, fields);
        return Optional.of(new LineFragment(new AccessLogEntry(fields), whole));
    }

    /** Behind a request and a status a word of Envoy's details proves it, also one that other programs use. */
    private static boolean isKnownWord(List<Word> behind) {
        return behind.size() > 1
                && ResponseCodeDetails.parse(behind.getFirst().text()).words().isPresent();
    }

    private static void request(String before, Matcher request, EnumMap<LogField, String> fields) {
        put(fields, LogField.PROTOCOL, request.group(3));
        if (request.group(1) == null) {
            return;
        }
        fields.put(LogField.METHOD, request.group(1));
        fields.put(LogField.PATH, request.group(2));
        var time = TIME.matcher(before.substring(0, request.start()));
        if (time.find()) {
            fields.put(LogField.START_TIME, time.group(1));
        }
    }

    private static boolean numbers(List<Word> words, int from, int count) {
        if (words.size() < from + count) {
            return false;
        }
        return words.subList(from, from + count).stream()
                .allMatch(word -> NUMBER.matcher(word.text()).matches());
    }

    /** Answers whether the format's last field is reached. */
    private static boolean behind(LogFormat format, List<Word> words, EnumMap<LogField, String> fields) {
        var operators = format.operators();
        int next = 0;
        while (operators.get(next).field() != LogField.RESPONSE_FLAGS) {
            next++;
        }
        next++;
        int left = operators.size() - next;
        for (int i = 0; i < words.size() && next < operators.size(); i++, next++) {
            var field = operators.get(next).field();
            var word = words.get(i);
            if (field == null) {
                continue;
            }
            boolean last = i == words.size() - 1 && words.size() < left;
            if (!field.fits(word.text())) {
                return false;
            }
            if (!last
                    || word.closed()
                    || (field == LogField.RESPONSE_CODE_DETAILS && LooseFields.isEnvoysDetails(word.text()))) {
                put(fields, field, word.text());
            }
        }
        return words.size() >= left;
    }

    private static void put(EnumMap<LogField, String> fields, LogField field, String value) {
        if (!value.isEmpty()) {
            fields.put(field, value);
        }
    }

    /** A word of a line; {@code closed} if it has its closing quote. */
    private record Word(String text, boolean quoted, boolean closed) {}

    private static List<Word> words(String text) {
        var words = new ArrayList<Word>();
        int at = 0;
        while (at < text.length() && words.size() < 40) {
            if (text.charAt(at) == ' ') {
                at++;
                continue;
            }
            boolean quoted = text.charAt(at) == '"';
            if (quoted) {
                int end = text.indexOf("\" ", at + 1);
                boolean closed = end >= 0 || (text.endsWith("\"") && text.length() > at + 1);
                int to = end >= 0 ? end : closed ? text.length() - 1 : text.length();
                words.add(new Word(text.substring(at + 1, to), true, closed));
                at = to + 2;
            } else {
                int end = text.indexOf(' ', at);
                int to = end < 0 ? text.length() : end;
                words.add(new Word(text.substring(at, to), false, false));
                at = to + 1;
            }
        }
        return words;
    }
}
