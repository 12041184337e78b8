// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

/**
 * Numbers with grouped digits: {@code 1,234,567}, in every locale. It does not use {@code "%,d"}, which loads the
 * locale's data and costs a tenth of a short run.
 */
public final class Thousands {
    private Thousands() {}

    /** A number that is not negative. */
    public static String of(long number) {
        var text = new StringBuilder(Long.toString(number));
        for (int at = text.length() - 3; at > 0; at -= 3) {
            text.insert(at, ',');
        }
        return text.toString();
    }

    /** So many of a thing: {@code 1 request}, {@code 1,234 requests}. */
    public static String of(long number, String noun) {
        return of(number) + " " + noun + (number == 1 ? "" : "s");
    }
}
