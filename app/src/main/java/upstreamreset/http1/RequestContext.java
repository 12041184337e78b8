// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

/**
 * What of a request decides how its response is read: the method, and whether it asks for another protocol (RFC 9112 §6.3,
 * RFC 9110 §7.8).
 *
 * @param upgrade whether it has {@code Upgrade}, and {@code Connection: upgrade}
 */
public record RequestContext(String method, boolean upgrade) {
    /** A request that asks for no upgrade. */
    public static RequestContext of(String method) {
        return new RequestContext(method, false);
    }

    public boolean head() {
        return method.equals("HEAD");
    }

    public boolean connect() {
        return method.equals("CONNECT");
    }

    /** Whether a 2xx with this status opens a tunnel. */
    public boolean connected(int status) {
        return connect() && status >= 200 && status < 300;
    }
}
