// SPDX-License-Identifier: Apache-2.0
package upstreamreset.wire;

import java.util.List;
import java.util.Locale;
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

    /** A field in a line of text: the name, the separator, and the value. */
    private static final Pattern IN_TEXT =
            Pattern.compile("(?i)(?<![\\w-])(" + String.join("|", FIELDS) + ")(\\\\?\"?\\s*[:=]\\s*)([^\\r\\n]*)");

    /** The same without a separator: the following text is a credential if it begins like one. */
    private static final Pattern WITHOUT_SIGN = Pattern.compile("(?i)(?<![\\w-])((?:proxy-)?authorization\\s+)"
            + "((?:basic|bearer|digest|negotiate|ntlm|token|apikey|aws4-hmac-sha256)\\s+[^\\r\\n]*)");

    /** A parameter of a query: after its name, the value. */
    private static final Pattern PARAMETER = Pattern.compile("(?<=[?&])([^=&;#?\\s\"'<>]{1,100}=)([^&;#\\s\"'<>]+)");

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
        return hides(name) ? stars(value.length()) : value;
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
                        .matcher(IN_TEXT.matcher(text)
                                .replaceAll(match -> match.group(1)
                                        + match.group(2).replace("\\", "\\\\")
                                        + stars(match.group(3).length())))
                        .replaceAll(
                                match -> match.group(1) + stars(match.group(2).length()));
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

    /** The next bytes of the direction, as they may be shown: a copy where one of them is hidden. */
    public byte[] next(byte[] sent) {
        if (shown()) {
            return sent;
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
        if (b == '\n') {
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
            return false;
        }
        if (place == Place.HIDDEN_VALUE && !separated && (b == ':' || b == '=')) {
            separated = true;
            return false;
        }
        return place == Place.HIDDEN_VALUE && b != '\r' && b != ' ' && b != '\t';
    }

    private void named(byte b) {
        if (b == ':') {
            place = hides(name.toString()) ? Place.HIDDEN_VALUE : Place.REST_OF_LINE;
            separated = true;
        } else if (b == ' ' || b == '\t' || b == '=') {
            // The colon may be missing.
            if (name.length() >= MIN_NAME && hides(name.toString())) {
                place = Place.HIDDEN_VALUE;
                separated = b == '=';
            }
        } else if (namesAField(b)) {
            name.append((char) b);
            place = name.length() > MAX_NAME ? Place.REST_OF_LINE : Place.NAME;
        }
    }

    private static boolean namesAField(int c) {
        return c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
