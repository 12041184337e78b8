// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import upstreamreset.output.Durations;

/**
 * Settings: each takes its option's value, else that of the environment variable of the same name, else the default. An
 * invalid value is an {@link IllegalArgumentException} that names its source.
 */
final class Settings {
    private static final Pattern ADDRESS = Pattern.compile("localhost|[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final Map<String, String> environment;
    private final Map<String, String> given = new HashMap<>();
    private final Map<String, String> defaults = new HashMap<>();

    private record Found(String source, String value) {}

    Settings(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Adds an option; the description's end says the variable and the default. */
    void option(Syntax syntax, String option, String label, String otherwise, String description) {
        defaults.put(option, otherwise);
        syntax.option(option, label, String.class, value -> given.put(option, value))
                .description(description + " Environment: " + variableOf(option) + ". Default: " + otherwise + ".");
    }

    /** Whether any of these was on the command line. */
    boolean given() {
        return !given.isEmpty();
    }

    int number(String option) {
        var found = find(option);
        try {
            return Integer.parseInt(found.value());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    found.source() + " expects a whole number, not '" + found.value() + "'", e);
        }
    }

    Duration time(String option) {
        var found = find(option);
        return Durations.parse(found.source(), found.value());
    }

    /** Whether it is {@code on}; values other than {@code on} and {@code off} are invalid. */
    boolean on(String option) {
        var found = find(option);
        return switch (found.value()) {
            case "on" -> true;
            case "off" -> false;
            default ->
                throw new IllegalArgumentException(found.source() + " expects on or off, not '" + found.value() + "'");
        };
    }

    String text(String option) {
        return find(option).value();
    }

    String host() {
        return ignoresHost() ? defaults.getOrDefault("--host", "") : text("--host");
    }

    /**
     * Some shells export HOST as the machine's name; a user who never set it did not mean to open the app to others.
     */
    boolean ignoresHost() {
        return !given.containsKey("--host") && !ADDRESS.matcher(text("--host")).matches();
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private Found find(String option) {
        var value = given.get(option);
        if (value != null) {
            return new Found(option, value);
        }
        var variable = variableOf(option);
        return variable(variable)
                .map(text -> new Found("the environment variable " + variable, text))
                .orElseGet(() -> new Found(option, defaults.getOrDefault(option, "")));
    }

    private static String variableOf(String option) {
        return option.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
