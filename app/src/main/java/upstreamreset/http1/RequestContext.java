// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

/**
 * The facts about a request that decide how its response is framed: the method, and whether it asks for an upgrade
 * (RFC 9112 §6.3, RFC 9110 §7.8).
 *
 * @param upgrade whether it has both {@code Upgrade} and {@code Connection: upgrade}
 * @param h2c whether that is to HTTP/2 in plain text, which Envoy does not ask of an upstream
 */
public record RequestContext(String method, boolean upgrade, boolean h2c) {
    /** Most requests. */
    static final RequestContext GET = of("GET");

    /** The context of an unseen request, which may have been anything. */
    public static final RequestContext UNKNOWN = of("?");

    /** A request whose upgrade, if it asks for one, is to something other than HTTP/2. */
    public RequestContext(String method, boolean upgrade) {
        this(method, upgrade, false);
    }

    /** A request without an upgrade. */
    public static RequestContext of(String method) {
        return new RequestContext(method, false);
    }

    /** Whether it may have asked for an upgrade. */
    boolean mayUpgrade() {
        return upgrade || method.equals(UNKNOWN.method);
    }

    public boolean head() {
        return method.equals("HEAD");
    }

    public boolean connect() {
        return method.equals("CONNECT");
    }

    /** Whether a response with this status opens a tunnel: 2xx to CONNECT (RFC 9110 §9.3.6). */
    public boolean connected(int status) {
        return connect() && status >= 200 && status < 300;
    }
}
