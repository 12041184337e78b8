// SPDX-License-Identifier: Apache-2.0
package upstreamreset.site;

import java.util.List;
import java.util.function.Predicate;

/** The path of a visitor's request, derived only from its field names; their values are not used. */
public enum Visit {
    THROUGH(
            "through",
            "You came through an Envoy: your request has fields that a sidecar adds. What breaks HTTP here breaks for you"
                    + " as it does for every client in the mesh."),
    PROXY(
            "proxy",
            "A proxy passed your request on, and its fields do not tell whether that was an Envoy. What you see is what that"
                    + " proxy makes of the answers."),
    PAST(
            "past",
            "You came past every sidecar, straight to the app: your browser reads the app's bytes itself, and forgives what"
                    + " Envoy refuses. Ask through the Service, from a Pod with a sidecar or by the gateway, to see the other half.");

    /** Fields that other proxies add, but no sidecar. */
    private static final List<String> OTHERS =
            List.of("via", "forwarded", "x-real-ip", "x-forwarded-host", "x-forwarded-port", "x-forwarded-server");

    private final String id;
    private final String sentence;

    Visit(String id, String sentence) {
        this.id = id;
        this.sentence = sentence;
    }

    /**
     * Istio's outbound sidecar adds x-envoy-attempt-count, mutual TLS x-forwarded-client-cert, and every Envoy x-request-id with
     * x-forwarded-proto; the latter two alone may also be another proxy's.
     */
    public static Visit of(Predicate<String> hasField) {
        if (hasField.test("x-envoy-attempt-count")
                || hasField.test("x-envoy-external-address")
                || hasField.test("x-envoy-original-path")
                || hasField.test("x-envoy-expected-rq-timeout-ms")
                || hasField.test("x-envoy-decorator-operation")
                || hasField.test("x-forwarded-client-cert")) {
            return THROUGH;
        }
        boolean other = OTHERS.stream().anyMatch(hasField);
        boolean envoys = hasField.test("x-request-id") && hasField.test("x-forwarded-proto");
        if (envoys && !other) {
            return THROUGH;
        }
        return other
                        || hasField.test("x-request-id")
                        || hasField.test("x-forwarded-proto")
                        || hasField.test("x-forwarded-for")
                ? PROXY
                : PAST;
    }

    /** The word for it in the page's code. */
    public String id() {
        return id;
    }

    public String sentence() {
        return sentence;
    }
}
