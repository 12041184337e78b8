// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import java.util.List;
import java.util.Random;

/** Text by chance, of pieces that would break out of a page: code that sets {@code owned}, controls, names without a space. */
public final class HostileText {
    /** Stands where every page hides what it finds. */
    public static final String SECRET = "T0psecret";

    private static final List<String> PIECES = List.of(
            "</pre></script><script>owned=1</script>",
            "</title></style></textarea></template><script>owned=1</script>",
            "<!--<script>owned=1</script>-->",
            "<img src=x onerror=owned=1>",
            "<svg onload=owned=1><foreignObject><iframe srcdoc='<script>parent.owned=1</script>'>",
            "\"><a href=\"javascript:owned=1\">",
            "javascript:owned=1//",
            "data:text/html,<script>owned=1</script>",
            "' onmouseover='owned=1' style='position:fixed;top:0",
            "<style>*{display:none}</style><base href=//127.0.0.2/><meta http-equiv=refresh content=0;url=//127.0.0.2/>",
            "}</style>*{background:url(//127.0.0.2/)}/*",
            "${owned=1}`${owned=1}`{{constructor.constructor('owned=1')()}}",
            "\";owned=1;//';owned=1;//\\",
            "\u001b[2J\u001b]0;owned\u0007\u009b31m\u001b]8;;http://127.0.0.2/\u001b\\",
            "\u202eabc\u2066\u2069\u200f\u061c",
            "\u0000\u0001\u007f\u0085\u00ad",
            "\ud800 \udfff \uffff \ue000",
            "]]>--><!--",
            "%3Cscript%3E&lt;b&gt;&#60;i&#62;",
            "\u00c3(\u00a0\u00a1\u00e2(\u00a1\u00fe\u00ff",
            "\r\n\t\u000b\f\u2028\u2029",
            "?token=" + SECRET + "&a=" + SECRET,
            " Authorization: Bearer " + SECRET,
            "w".repeat(5_000),
            "\u0e01\u0e33".repeat(300),
            "a\u0301\u0302\u0303".repeat(200),
            "__proto__");

    private final Random random;

    /** @param seed the same text each time */
    public HostileText(long seed) {
        random = new Random(seed);
    }

    public String next() {
        var text = new StringBuilder();
        int pieces = 1 + random.nextInt(3);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    /** A text that a line of a head can hold. */
    public String inLine() {
        return next().replaceAll("[\r\n\u0000]", "").replaceAll("[^\u0000-\u00ff]", "\u00ff");
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }
}
