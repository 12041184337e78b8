// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import upstreamreset.wire.Printable;

/**
 * The grammar of a time, on command lines, in the environment and in scenario files: as Go and Kubernetes write one
 * ({@code 1h30m}, {@code 1.5s}, {@code 50ms}), units from the largest to the smallest, or a bare number of seconds.
 */
public final class Durations {
    private static final String NUMBER = "([0-9]{1,9}(?:\\.[0-9]{1,9})?)";
    private static final Pattern SECONDS = Pattern.compile(NUMBER);
    private static final Pattern UNITS =
            Pattern.compile("(?=.)(?:%1$sh)?(?:%1$sm)?(?:%1$ss)?(?:%1$sms)?".formatted(NUMBER));
    private static final List<Duration> UNIT_OF_GROUP =
            List.of(Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofMillis(1));
    private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

    private Durations() {}

    /**
     * Reads a time, which is never negative.
     *
     * @param subject what has the time, for the message: {@code --period}
     * @throws IllegalArgumentException if {@code text} is not a time
     */
    public static Duration parse(String subject, String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        var units = UNITS.matcher(SECONDS.matcher(lower).matches() ? lower + "s" : lower);
        if (!units.matches()) {
            throw new IllegalArgumentException(subject + " expects a time such as 250ms, 1.5s or 2 (seconds), not '"
                    + Printable.words(text) + "'");
        }
        var nanos = BigDecimal.ZERO;
        for (int i = 0; i < UNIT_OF_GROUP.size(); i++) {
            var number = units.group(i + 1);
            if (number != null) {
                var unit = BigDecimal.valueOf(UNIT_OF_GROUP.get(i).toNanos());
                nanos = nanos.add(new BigDecimal(number).multiply(unit));
            }
        }
        return Duration.ofNanos(nanos.min(MAX_NANOS).longValue());
    }

    /** As {@link #text}, to a tenth of a second: how long something took needs no more. */
    public static String tenths(Duration exact) {
        return text(Duration.ofMillis((exact.toMillis() + 50) / 100 * 100));
    }

    /** As {@link #parse} reads it: {@code 1h30m}, {@code 1.5s}, {@code 50ms}; with a sign where it is negative. */
    public static String text(Duration time) {
        if (time.isNegative()) {
            return "-" + text(time.negated());
        }
        int nanos = time.toNanosPart();
        if (nanos == 0 || time.toSecondsPart() > 0) {
            return time.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
        }
        var millis = BigDecimal.valueOf(nanos, 6).stripTrailingZeros().toPlainString() + "ms";
        return time.toMinutes() == 0 ? millis : text(time.minusNanos(nanos)) + millis;
    }
}
