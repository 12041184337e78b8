// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

/**
 * What the mesh's clients begin their connections to a Service with.
 *
 * @param mode {@code DISABLE}, {@code SIMPLE}, {@code MUTUAL} or {@code ISTIO_MUTUAL}
 * @param by the DestinationRule that says so
 */
public record ClientTls(String mode, String by) {
    /** Whether they begin TLS, of the mesh or of their own. */
    public boolean encrypted() {
        return !mode.equals("DISABLE");
    }

    /** Whether it is the mesh's own mTLS. */
    public boolean ofMesh() {
        return mode.equals("ISTIO_MUTUAL");
    }

    public String text() {
        return by + ": tls.mode " + mode;
    }
}
