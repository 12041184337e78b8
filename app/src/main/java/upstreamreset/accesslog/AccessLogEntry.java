// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One request as a proxy's access log tells it; {@code text} is empty for a field that the log leaves out or gives as {@code -}. */
public record AccessLogEntry(Map<LogField, String> fields) implements ParsedLine {
    /** Envoy passes codes of four digits on. */
    private static final int MAX_STATUS = 9999;

    private static final String NONE = "-";

    public AccessLogEntry {
        var present = new EnumMap<LogField, String>(LogField.class);
        fields.forEach((field, value) -> {
            if (!value.isEmpty()) {
                present.put(field, value);
            }
        });
        fields = Collections.unmodifiableMap(present);
    }

    public Optional<String> text(LogField field) {
        return Optional.ofNullable(fields.get(field)).filter(value -> !value.equals(NONE));
    }

    /** Whether the log has this field, and says that there was none. */
    public boolean saysNone(LogField field) {
        return NONE.equals(fields.get(field));
    }

    /** A number too long to be one is as good as none. */
    public OptionalLong number(LogField field) {
        var value = fields.get(field);
        if (value == null || value.length() > 18 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(value));
    }

    /** The client's status; 0 if it left before there was a response. */
    public OptionalInt status() {
        var code = number(LogField.RESPONSE_CODE);
        return code.isPresent() && code.getAsLong() <= MAX_STATUS
                ? OptionalInt.of((int) code.getAsLong())
                : OptionalInt.empty();
    }

    /** The flags as logged, short or long, for example {@code [URX, UF]}; empty for {@code -}. */
    public List<String> flags() {
        return text(LogField.RESPONSE_FLAGS)
                .map(flags -> Arrays.stream(flags.split(","))
                        .filter(flag -> !flag.isEmpty())
                        .toList())
                .orElse(List.of());
    }

    public Optional<ResponseCodeDetails> details() {
        return text(LogField.RESPONSE_CODE_DETAILS).map(ResponseCodeDetails::parse);
    }
}
