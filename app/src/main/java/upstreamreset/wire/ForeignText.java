// SPDX-License-Identifier: Apache-2.0
package upstreamreset.wire;

/** Another program's words as part of a message of ours: short, and without control characters that a terminal obeys. */
public final class ForeignText {
    private static final int LENGTH = 300;

    private ForeignText() {}

    public static String of(String text) {
        var clean = new StringBuilder();
        for (int i = 0; i < text.length() && i < LENGTH; i++) {
            clean.append(Character.isISOControl(text.charAt(i)) ? '?' : text.charAt(i));
        }
        return text.length() <= LENGTH ? clean.toString() : clean + "…";
    }
}
