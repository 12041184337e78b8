// SPDX-License-Identifier: Apache-2.0
package upstreamreset.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides the values of credential fields unless the user wants to see them: an asterisk replaces each byte, so that
 * lengths and offsets stay. One object follows one direction of a connection, whose lines may come in pieces.
 */
public final class Secrets {
    /** The fields whose values are hidden, in lower case. */
    public static final List<String> FIELDS =
            List.of("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token");

    private static final ScopedValue<Boolean> SHOWN = ScopedValue.newInstance();
    private static final int MAX_NAME = 32;

    /** Of those that are hidden, none is shorter. */
    private static final int MIN_NAME = 6;

    private static final byte HIDDEN = '*';

    /** Parameters of a query whose values are hidden, by their letters in lower case. */
    private static final Set<String> PARAMETERS =
            Set.of("auth", "authorization", "code", "jwt", "key", "pass", "pwd", "session", "sessionid", "sid", "sig");

    /** The same for a part of their names. */
    private static final List<String> PARAMETER_PARTS =
            List.of("token", "secret", "passw", "credential", "signature", "apikey", "accesskey");

    /** A field in a line of text: the name, the separator, and the value. */
    private static final Pattern IN_TEXT =
            Pattern.compile("(?i)(?<![\\w-])(" + String.join("|", FIELDS) + ")(\\\\?\"?\\s*[:=]\\s*)([^\\r\\n]*)");

    /** The same without a separator: the following text is a credential if it begins like one. */
    private static final Pattern WITHOUT_SIGN = Pattern.compile("(?i)(?<![\\w-])((?:proxy-)?authorization\\s+)"
            + "((?:basic|bearer|digest|negotiate|ntlm|token|apikey|aws4-hmac-sha256)\\s+[^\\r\\n]*)");

    /** A field as nghttp2 quotes it, in Envoy's log and in curl's output: the value follows. */
    private static final Pattern IN_BRACKETS = Pattern.compile("(?s)name: \\[(.{0,100}?)], value: \\[");

    /** A parameter of a query: after its name, the value. */
    private static final Pattern PARAMETER = Pattern.compile("(?<=[?&])([^=&#?\\s\"'<>]{1,100}=)([^&#\\s\"'<>]+)");

    private enum Place {
        NAME,
        HIDDEN_VALUE,
        REST_OF_LINE
    }

    private final StringBuilder name = new StringBuilder();
    private Place place = Place.NAME;
    private boolean lineBegins = true;
    private boolean hiddenBefore;
    /** Whether the separator after the name has come, so that the value follows. */
    private boolean separated;
    /** Whether bytes are missing before the next one, or were missing in its line and the line was text up to here. */
    private boolean beginningMissing;

    private final StringBuilder parameter = new StringBuilder();
    private Query query = Query.NONE;

    /** The place in a query. */
    private enum Query {
        NONE,
        NAME,
        VALUE,
        HIDDEN_VALUE
    }

    /** Runs {@code work} with everything shown. */
    public static <T> T showing(Supplier<T> work) {
        return ScopedValue.where(SHOWN, true).call(work::get);
    }

    private static boolean shown() {
        return SHOWN.isBound();
    }

    /** Whether to hide the field's value; ignores white space and characters other than letters in {@code name}. */
    public static boolean hides(String name) {
        if (shown()) {
            return false;
        }
        var letters = new StringBuilder();
        name.chars().filter(Secrets::namesAField).forEach(c -> letters.append((char) c));
        return FIELDS.contains(letters.toString().toLowerCase(Locale.ROOT));
    }

    /** A field's value as it may be shown. */
    public static String value(String name, String value) {
        if (hides(name)) {
            return stars(value.length());
        }
        // Behind a bare CR some readers see another field.
        return value.indexOf('\r') < 0 ? target(value) : inLines(value);
    }

    private static String inLines(String value) {
        var line = (":" + value).getBytes(StandardCharsets.ISO_8859_1);
        return new String(bytes(line), StandardCharsets.ISO_8859_1).substring(1);
    }

    /** Whether the line holds a credential. */
    public static boolean in(byte[] line) {
        return !Arrays.equals(line, bytes(line));
    }

    /** A target or URL, without the values of those parameters that are named like credentials. */
    public static String target(String target) {
        if (target.indexOf('?') < 0 || shown()) {
            return target;
        }
        var secrets = new Secrets();
        var fit = target.toCharArray();
        for (int i = 0; i < fit.length; i++) {
            if (secrets.hidesInQuery((byte) Math.min(fit[i], 0xFF))) {
                fit[i] = HIDDEN;
            }
        }
        return new String(fit);
    }

    /** One asterisk for each of {@code length} characters. */
    public static String stars(int length) {
        return "*".repeat(length);
    }

    /** A line of text that may quote a field anywhere: everything after the field's name is hidden. */
    public static String text(String text) {
        return shown()
                ? text
                : WITHOUT_SIGN
                        .matcher(IN_TEXT.matcher(inBrackets(text))
                                .replaceAll(match -> match.group(1)
                                        + match.group(2).replace("\\", "\\\\")
                                        + stars(match.group(3).length())))
                        .replaceAll(
                                match -> match.group(1) + stars(match.group(2).length()));
    }

    /** The value ends with the last bracket, or, in a line that was cut, with the line. */
    private static String inBrackets(String text) {
        var field = IN_BRACKETS.matcher(text);
        while (field.find()) {
            if (hides(field.group(1))) {
                int last = text.lastIndexOf(']');
                int end = last < field.end() ? text.length() : last;
                return text.substring(0, field.end()) + stars(end - field.end()) + text.substring(end);
            }
        }
        return text;
    }

    /** Text that may hold targets or URLs: the values of their queries' parameters are hidden. */
    public static String queries(String text) {
        return shown() || text.indexOf('?') < 0
                ? text
                : PARAMETER
                        .matcher(text)
                        .replaceAll(match -> Matcher.quoteReplacement(
                                match.group(1) + stars(match.group(2).length())));
    }

    /** Bytes from their first line's beginning, as they may be shown. */
    public static byte[] bytes(byte[] sent) {
        return new Secrets().next(sent);
    }

    /** Bytes are missing before the next ones: if those are text, the rest of their line may be a credential. */
    public void gap() {
        beginningMissing = true;
        hiddenBefore = false;
    }

    /** Whether the first line is text that neither asks nor answers in HTTP/1. */
    private static boolean mayBeFieldsRest(byte[] sent) {
        int end = 0;
        while (end < sent.length && sent[end] != '\n') {
            if (sent[end] >= 0 && sent[end] < ' ' && sent[end] != '\r' && sent[end] != '\t') {
                return false;
            }
            end++;
        }
        return !new String(sent, 0, end, StandardCharsets.ISO_8859_1).contains("HTTP/1.");
    }

    /** The next bytes of the direction, as they may be shown: a copy where one of them is hidden. */
    public byte[] next(byte[] sent) {
        if (shown() || sent.length == 0) {
            return sent;
        }
        if (beginningMissing) {
            beginningMissing = mayBeFieldsRest(sent);
            name.setLength(0);
            lineBegins = !beginningMissing;
            place = lineBegins ? Place.NAME : Place.HIDDEN_VALUE;
            separated = true;
        }
        byte[] fit = sent;
        boolean copied = false;
        for (int at = 0; at < sent.length; at++) {
            if (hide(sent[at])) {
                if (!copied) {
                    fit = sent.clone();
                    copied = true;
                }
                fit[at] = HIDDEN;
            }
        }
        return fit;
    }

    private boolean hide(byte b) {
        boolean inQuery = hidesInQuery(b);
        if (b == '\n') {
            beginningMissing = false;
            hiddenBefore = place == Place.HIDDEN_VALUE && !lineBegins;
            place = Place.NAME;
            lineBegins = true;
            name.setLength(0);
            return false;
        }
        if (lineBegins) {
            lineBegins = false;
            place = hiddenBefore && (b == ' ' || b == '\t') ? Place.HIDDEN_VALUE : Place.NAME;
        }
        if (place == Place.NAME) {
            named(b);
            return inQuery;
        }
        if (place == Place.REST_OF_LINE) {
            if (b == '\r') {
                place = Place.NAME; // some readers end a line here
                name.setLength(0);
            }
            return inQuery;
        }
        if (!separated && (b == ':' || b == '=')) {
            separated = true;
            return false;
        }
        return b != '\r' && b != ' ' && b != '\t';
    }

    private boolean hidesInQuery(byte b) {
        if ((b >= 0 && b <= ' ') || b == '"' || b == '\'' || b == '<' || b == '>' || b == '#') {
            query = Query.NONE;
        } else if (b == '?' && query != Query.HIDDEN_VALUE) {
            query = Query.NAME;
            parameter.setLength(0);
        } else if ((b == '&' || b == ';') && query != Query.NONE) {
            query = Query.NAME;
            parameter.setLength(0);
        } else if (query == Query.NAME && b == '=') {
            query = isCredential(parameter.toString()) ? Query.HIDDEN_VALUE : Query.VALUE;
        } else if (query == Query.NAME && namesAField(b) && b != '-' && parameter.length() < MAX_NAME) {
            parameter.append((char) (b | 0x20));
        }
        return query == Query.HIDDEN_VALUE && b != '=';
    }

    private static boolean isCredential(String letters) {
        boolean credential = PARAMETERS.contains(letters);
        for (var part : PARAMETER_PARTS) {
            credential |= letters.contains(part);
        }
        return credential;
    }

    private void named(byte b) {
        if (b == ':') {
            place = hides(name.toString()) ? Place.HIDDEN_VALUE : Place.REST_OF_LINE;
            separated = true;
        } else if (separates(b)) {
            // The colon may be missing.
            if (name.length() >= MIN_NAME && hides(name.toString())) {
                place = Place.HIDDEN_VALUE;
                separated = b == '=';
            } else if (b == '\r') {
                name.setLength(0);
            }
        } else if (namesAField(b)) {
            name.append((char) b);
            place = name.length() > MAX_NAME ? Place.REST_OF_LINE : Place.NAME;
        }
    }

    /** What cannot be in a name (RFC 9110 §5.6.2). */
    private static boolean separates(byte b) {
        return b <= ' ' || b == 0x7F || "=;,\"()/<>?@[]\\{}".indexOf(b) >= 0;
    }

    private static boolean namesAField(int c) {
        return c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
