// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import upstreamreset.wire.Printable;

/** A version of Envoy: {@code 1.40.0}. A suffix (a build, {@code -dev}) does not count. */
public record EnvoyVersion(int major, int minor, int patch) implements Comparable<EnvoyVersion> {
    private static volatile Parsed last = new Parsed("0.0.0", new EnvoyVersion(0, 0, 0));

    private record Parsed(String text, EnvoyVersion version) {}

    /**
     * Caches the last version: each response has a codec of its own, nearly always of the same version.
     *
     * @throws IllegalArgumentException with a sentence if {@code text} is not a version
     */
    public static EnvoyVersion parse(String text) {
        var known = last;
        if (!known.text().equals(text)) {
            known = new Parsed(text, read(text));
            last = known;
        }
        return known.version();
    }

    private static EnvoyVersion read(String text) {
        var numbers = text.split("[^0-9]", 4);
        try {
            return new EnvoyVersion(number(numbers, 0), number(numbers, 1), number(numbers, 2));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "an Envoy version is three numbers like 1.40.0, not " + Printable.of(text));
        }
    }

    private static int number(String[] numbers, int at) {
        return at < numbers.length ? Integer.parseInt(numbers[at]) : 0;
    }

    boolean atLeast(int major, int minor, int patch) {
        return compareTo(new EnvoyVersion(major, minor, patch)) >= 0;
    }

    @Override
    public int compareTo(EnvoyVersion other) {
        // Not by a Comparator's lambdas: each response asks, and no start-up cache keeps them.
        if (major != other.major) {
            return Integer.compare(major, other.major);
        }
        return minor != other.minor ? Integer.compare(minor, other.minor) : Integer.compare(patch, other.patch);
    }
}
