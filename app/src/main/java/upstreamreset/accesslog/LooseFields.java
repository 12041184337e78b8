// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes an entry of keys and values in an unknown format, but only if a known flag or known details prove that they are
 * Envoy's. It identifies unknown keys by their values if those are unambiguous.
 */
final class LooseFields {
    private static final Pattern DETAILS = Pattern.compile("[a-z0-9_.]{3,80}[_.][a-z0-9_.]{1,80}(?:[{\\[(:].*)?");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)\\s?(ns|us|µs|ms|s)?");
    private static final Pattern REQUEST_LINE = Pattern.compile("([A-Z]{3,10}) (\\S+)(?: (HTTP/[0-9.]{1,3}))?");
    private static final Pattern URL = Pattern.compile("[a-z]{2,5}://([^/?#]{1,255})(/.*)?");
    private static final Pattern STATUS = Pattern.compile("0|[1-9]\\d{2,3}");
    private static final Pattern STATUS_WITH_REASON = Pattern.compile("([1-9]\\d\\d) [A-Z].*");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}:\\d{1,5}");

    private static final Set<LogField> ADDRESSES = Set.of(
            LogField.UPSTREAM_HOST,
            LogField.UPSTREAM_LOCAL_ADDRESS,
            LogField.DOWNSTREAM_LOCAL_ADDRESS,
            LogField.DOWNSTREAM_REMOTE_ADDRESS);

    private final EnumMap<LogField, String> fields = new EnumMap<>(LogField.class);
    private final Map<String, String> unknown = new LinkedHashMap<>();
    private boolean envoysKey;

    /** The first value of a field counts. */
    void add(String key, String value) {
        var field = FieldKeys.of(key);
        if (field.isEmpty()) {
            unknown.putIfAbsent(key, value);
            return;
        }
        var meant = value(field.get(), key, value.strip());
        if (meant == null) {
            unknown.putIfAbsent(key, value);
        } else if (fields.putIfAbsent(field.get(), meant) == null
                && (field.get() == LogField.RESPONSE_FLAGS || field.get() == LogField.RESPONSE_CODE_DETAILS)) {
            envoysKey |= FieldKeys.isEnvoys(key);
        }
    }

    /** Adds to {@code known} the fields that it has not got. */
    void fillIn(Map<LogField, String> known) {
        fields.forEach(known::putIfAbsent);
    }

    Optional<AccessLogEntry> entry() {
        if (!proven()) {
            byValue();
        }
        return proven() ? Optional.of(new AccessLogEntry(fields)) : Optional.empty();
    }

    private boolean proven() {
        var flags = fields.getOrDefault(LogField.RESPONSE_FLAGS, "");
        if (fields.containsKey(LogField.RESPONSE_CODE_DETAILS)
                && isEnvoysDetails(fields.get(LogField.RESPONSE_CODE_DETAILS))) {
            return true;
        }
        boolean code = fields.containsKey(LogField.RESPONSE_CODE);
        if (flags.isEmpty()) {
            return false;
        }
        return envoysKey
                ? (flags.equals("-") ? code : fields.size() > 1)
                : code && !flags.equals("-") && fields.size() > 3;
    }

    /** Known details say that it is Envoy's line; then one known flag, and one status, are what they look like. */
    private void byValue() {
        var details = unknown.values().stream()
                .filter(LooseFields::isEnvoysDetails)
                .distinct()
                .toList();
        if (details.size() != 1) {
            return;
        }
        fields.put(LogField.RESPONSE_CODE_DETAILS, details.getFirst());
        only(unknown, value -> isFlags(value)).ifPresent(value -> fields.putIfAbsent(LogField.RESPONSE_FLAGS, value));
        only(unknown, value -> STATUS.matcher(value).matches() && value.length() == 3)
                .ifPresent(value -> fields.putIfAbsent(LogField.RESPONSE_CODE, value));
    }

    private static Optional<String> only(Map<String, String> values, Predicate<String> like) {
        var found = values.values().stream().filter(like).toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** Details that no other program's log holds by chance. */
    static boolean isEnvoysDetails(String value) {
        return DETAILS.matcher(value).matches()
                && ResponseCodeDetails.parse(value).words().isPresent();
    }

    /** {@code UC}, {@code URX,UF}, {@code UpstreamConnectionTermination}: each of them one of Envoy's. */
    static boolean isFlags(String value) {
        return !value.isEmpty()
                && Arrays.stream(value.split(",", -1))
                        .allMatch(flag -> ResponseFlag.of(flag).isPresent());
    }

    private @Nullable String value(LogField field, String key, String value) {
        if (value.isEmpty()) {
            return field == LogField.RESPONSE_FLAGS ? "-" : null;
        }
        if (value.equals("-") || value.equals("null")) {
            return "-";
        }
        return switch (field) {
            case RESPONSE_FLAGS -> flags(value);
            case RESPONSE_CODE_DETAILS ->
                ResponseCodeDetails.parse(value).words().isPresent()
                                || FieldKeys.plain(key).startsWith("responsecode")
                        ? value
                        : null;
            case RESPONSE_CODE -> status(value);
            case DURATION, UPSTREAM_SERVICE_TIME -> millis(key, value);
            case PATH -> path(value);
            case BYTES_RECEIVED, BYTES_SENT ->
                // Google's sizes count the head too.
                key.contains("httpRequest") || !field.fits(value) ? null : value;
            default -> {
                var address = ADDRESSES.contains(field) ? ADDRESS.matcher(value) : null;
                if (address != null && address.lookingAt()) {
                    yield address.group();
                }
                yield field.fits(value) ? value : null;
            }
        };
    }

    private static @Nullable String flags(String value) {
        var flags = Arrays.stream(value.split("[,;| ]+", -1))
                .filter(flag -> !flag.isEmpty())
                .collect(Collectors.joining(","));
        return isFlags(flags) ? flags : null;
    }

    private static @Nullable String status(String value) {
        var reason = STATUS_WITH_REASON.matcher(value);
        var status = reason.matches() ? reason.group(1) : value;
        return STATUS.matcher(status).matches() ? status : null;
    }

    /** Milliseconds; a fraction without a unit may be seconds as well. */
    private static @Nullable String millis(String key, String value) {
        var duration = DURATION.matcher(value);
        if (!duration.matches()) {
            return null;
        }
        var number = new BigDecimal(duration.group(1));
        var unit = duration.group(2);
        if (unit == null) {
            boolean whole = number.scale() <= 0 || FieldKeys.plain(key).endsWith("ms");
            return whole ? number.toBigInteger().toString() : null;
        }
        int shift = switch (unit) {
            case "s" -> 3;
            case "ms" -> 0;
            case "ns" -> -6;
            default -> -3;
        };
        return number.movePointRight(shift).toBigInteger().toString();
    }

    private @Nullable String path(String value) {
        var line = REQUEST_LINE.matcher(value);
        if (line.matches()) {
            fields.putIfAbsent(LogField.METHOD, line.group(1));
            if (line.group(3) != null) {
                fields.putIfAbsent(LogField.PROTOCOL, line.group(3));
            }
            return line.group(2);
        }
        var url = URL.matcher(value);
        if (url.matches()) {
            fields.putIfAbsent(LogField.AUTHORITY, url.group(1));
            return url.group(2) == null ? "/" : url.group(2);
        }
        return List.of('/', '*').contains(value.charAt(0)) && value.indexOf(' ') < 0 ? value : null;
    }
}
