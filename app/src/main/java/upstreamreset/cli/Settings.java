// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import upstreamreset.server.ServeOptions;

/**
 * A setting's value: the option's, else the environment variable's of the same name, else the default. What is no value is
 * an {@link IllegalArgumentException} that says which of them was wrong.
 */
record Settings(Map<String, String> environment) {
    private static final Pattern ADDRESS = Pattern.compile("localhost|[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|m|h|)");

    private record Given(String source, String value) {}

    int number(String option, @Nullable String given, int otherwise) {
        var found = find(option, given);
        if (found == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(found.value());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    found.source() + " expects a whole number, not '" + found.value() + "'", e);
        }
    }

    Duration time(String option, @Nullable String given, Duration otherwise) {
        var found = find(option, given);
        if (found == null) {
            return otherwise;
        }
        var time = TIME.matcher(found.value().toLowerCase(Locale.ROOT));
        if (!time.matches()) {
            throw new IllegalArgumentException(
                    found.source() + " expects a time such as 250ms, 1.5s or 2 (seconds), not '" + found.value() + "'");
        }
        var nanosPerUnit = switch (time.group(2)) {
            case "ms" -> Duration.ofMillis(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofSeconds(1);
        };
        return Duration.ofNanos(new BigDecimal(time.group(1))
                .multiply(BigDecimal.valueOf(nanosPerUnit.toNanos()))
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue());
    }

    Optional<String> text(String option, @Nullable String given) {
        return Optional.ofNullable(find(option, given)).map(Given::value);
    }

    String host(@Nullable String given) {
        var found = ignoresHost(given) ? null : find("--host", given);
        return found == null ? ServeOptions.LOOPBACK : found.value();
    }

    /** Some shells export HOST as the machine's name; nobody who never set it meant to open the app to others. */
    boolean ignoresHost(@Nullable String given) {
        var found = find("--host", given);
        return given == null && found != null && !ADDRESS.matcher(found.value()).matches();
    }

    private @Nullable Given find(String option, @Nullable String given) {
        if (given != null) {
            return new Given(option, given);
        }
        var variable = option.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
        var value = environment.get(variable);
        return value == null || value.isBlank()
                ? null
                : new Given("the environment variable " + variable, value.strip());
    }
}
