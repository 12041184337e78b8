// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;
import java.util.regex.Pattern;
import upstreamreset.output.Durations;
import upstreamreset.wire.Printable;

/**
 * The three times of an election, checked as client-go checks them (leaderelection.go, NewLeaderElector), and the
 * names.
 *
 * @param leaseDuration how long others wait after the holder's last renewal; whole seconds, as in a Lease
 * @param renewalDeadline how long the leader's task runs on without a successful renewal
 * @param retryPeriod how often it renews
 */
public record ElectionOptions(
        Duration leaseDuration,
        Duration renewalDeadline,
        Duration retryPeriod,
        String namespace,
        String leaseName,
        String identity) {

    /** As in client-go: the deadline must leave time for a second try. */
    private static final double JITTER_FACTOR = 1.2;

    private static final Duration MAX_DURATION = Duration.ofHours(24);
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    public ElectionOptions {
        positive("lease duration", leaseDuration);
        positive("renewal deadline", renewalDeadline);
        positive("retry period", retryPeriod);
        if (leaseDuration.toNanosPart() != 0) {
            throw new IllegalArgumentException("The lease duration must be whole seconds, as a Lease holds them; it is "
                    + Durations.text(leaseDuration) + ".");
        }
        if (leaseDuration.compareTo(renewalDeadline) <= 0) {
            throw new IllegalArgumentException(("The lease duration (%s) must be longer than the renewal deadline (%s):"
                            + " the leader must have stopped before another may start.")
                    .formatted(Durations.text(leaseDuration), Durations.text(renewalDeadline)));
        }
        if (renewalDeadline.toNanos() <= retryPeriod.toNanos() * JITTER_FACTOR) {
            throw new IllegalArgumentException(
                    ("The renewal deadline (%s) must be longer than %s times the retry period"
                                    + " (%s): there must be time for a second try.")
                            .formatted(Durations.text(renewalDeadline), JITTER_FACTOR, Durations.text(retryPeriod)));
        }
        name("namespace", namespace, LABEL, 63);
        name("Lease name", leaseName, SUBDOMAIN, 253);
        if (identity.isEmpty() || identity.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
            throw new IllegalArgumentException("The identity must be printable ASCII without spaces, and not empty.");
        }
    }

    public ElectionOptions in(String otherNamespace) {
        return new ElectionOptions(leaseDuration, renewalDeadline, retryPeriod, otherNamespace, leaseName, identity);
    }

    public String hostname() {
        return hostname(identity);
    }

    /** The identity's part before its last {@code _}: the hostname, of our candidates and of most of client-go's. */
    public static String hostname(String identity) {
        int end = identity.lastIndexOf('_');
        return end > 0 ? identity.substring(0, end) : identity;
    }

    private static void positive(String what, Duration value) {
        if (!value.isPositive() || value.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException(
                    "The %s must be more than 0s and at most a day; it is %s.".formatted(what, Durations.text(value)));
        }
    }

    private static void name(String what, String value, Pattern pattern, int maxLength) {
        if (value.length() > maxLength || !pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    ("The %s \"%s\" is not one that Kubernetes takes: at most %d lower-case letters, digits and '-'%s, and"
                                    + " a letter or digit at both ends.")
                            .formatted(what, Printable.words(value), maxLength, pattern == LABEL ? "" : " or '.'"));
        }
    }
}
