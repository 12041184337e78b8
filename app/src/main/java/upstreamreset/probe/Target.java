// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Where a probe goes: scheme, host and port, and what it asks for there. */
public record Target(boolean tls, String host, int port, String requestTarget, String text) {
    /**
     * Reads a URL; without a scheme it is http.
     *
     * @throws IllegalArgumentException when it is none that can be asked; the message says why
     */
    public static Target parse(String text) {
        var uri = uri(text.contains("://") ? text : "http://" + text, text);
        var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("'%s' is %s; probe speaks http and https".formatted(text, scheme));
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("'%s' names no host".formatted(text));
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "'%s' has a user name in it; give an Authorization header with -H instead".formatted(text));
        }
        boolean tls = scheme.equals("https");
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        if (port == 0 || port > 65_535) {
            throw new IllegalArgumentException("'%s' has no port from 1 to 65535".formatted(text));
        }
        var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Target(tls, uri.getHost().replaceAll("[\\[\\]]", ""), port, path + query, text);
    }

    private static URI uri(String url, String text) {
        try {
            var ascii = new URI(url).toASCIIString();
            return new URI(ascii);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'%s' is no URL: %s".formatted(text, e.getReason()), e);
        }
    }

    /** What Host says: without the scheme's own port. */
    String authority() {
        var name = host.contains(":") ? "[" + host + "]" : host;
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }
}
