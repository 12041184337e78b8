// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import upstreamreset.output.Durations;
import upstreamreset.server.ServeOptions;

/**
 * A setting's value: the option's, else the environment variable's of the same name, else the default. What is no value is
 * an {@link IllegalArgumentException} that says which of them was wrong.
 */
record Settings(Map<String, String> environment) {
    private static final Pattern ADDRESS = Pattern.compile("localhost|[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

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
        return found == null ? otherwise : Durations.parse(found.source(), found.value());
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
