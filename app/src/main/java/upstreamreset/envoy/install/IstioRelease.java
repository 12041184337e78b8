// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.util.Arrays;
import java.util.List;
import upstreamreset.wire.Printable;

/** The releases of Istio for which we pin an Envoy. Their proxy is built from the same minor version of Envoy. */
public enum IstioRelease {
    ISTIO_1_28("1.28", "1.36.4"),
    ISTIO_1_29("1.29", "1.37.0"),
    ISTIO_1_30("1.30", "1.38.3"),
    ISTIO_1_31("1.31", "1.39.3"),
    ISTIO_1_32("1.32", "1.40.0");

    private final String version;
    private final String envoy;

    IstioRelease(String version, String envoy) {
        this.version = version;
        this.envoy = envoy;
    }

    /**
     * The release of a version: {@code 1.30}, {@code v1.30.3}, {@code 1.32-alpha}.
     *
     * @throws IllegalArgumentException if there is none that we know; the message names those that there are
     */
    public static IstioRelease of(String text) {
        return Arrays.stream(values())
                .filter(each -> text.matches("v?" + each.version.replace(".", "\\.") + "([.-].*)?"))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no Envoy is known for Istio " + Printable.words(text)
                        + "; known are "
                        + String.join(", ", versions())
                        + "; for others give --envoy-version"));
    }

    /** The versions of Istio that we know. */
    public static List<String> versions() {
        return Arrays.stream(values()).map(each -> each.version).toList();
    }

    /** The version of Envoy that we pin for it. */
    public String envoy() {
        return envoy;
    }
}
