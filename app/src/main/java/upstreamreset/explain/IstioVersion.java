// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.Optional;
import java.util.regex.Pattern;

/** An Istio release, which decides the meaning of a log line: {@code 1.24}. */
public record IstioVersion(int major, int minor) {
    /** Not told: a line means what it means in a new release, unless it may be an old one's. */
    public static final IstioVersion UNKNOWN = new IstioVersion(Integer.MAX_VALUE, 0);

    private static final Pattern SHAPE = Pattern.compile("v?(\\d{1,3})\\.(\\d{1,3})(?:[.-].*)?");

    /** {@code 1.9}, {@code v1.24.3}, {@code 1.31-alpha}; empty for anything else. */
    public static Optional<IstioVersion> parse(String text) {
        var shape = SHAPE.matcher(text);
        return shape.matches()
                ? Optional.of(new IstioVersion(Integer.parseInt(shape.group(1)), Integer.parseInt(shape.group(2))))
                : Optional.empty();
    }

    boolean isKnown() {
        return !equals(UNKNOWN);
    }

    /** Before 1.10 (Envoy 1.18, PR #15033) a response that broke HTTP was {@code 503 UC}; from then on {@code 502 UPE}. */
    boolean hidesProtocolErrors() {
        return before(1, 10);
    }

    /** From 1.24 the server's sidecar tries again where not a byte of the request had been sent. */
    boolean retriesInbound() {
        return !before(1, 24);
    }

    private boolean before(int otherMajor, int otherMinor) {
        return major < otherMajor || (major == otherMajor && minor < otherMinor);
    }
}
