// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/** The target of a probe: scheme, host, port and request target. */
public record Target(boolean tls, String host, int port, String requestTarget, String text) {
    private static final Pattern URL = Pattern.compile("(\\w+://)([^/?#:@\\[]*)(.*)", Pattern.DOTALL);

    /** Names as people have them, also with an underscore, which {@link URI} knows no host in. */
    private static final Pattern AUTHORITY = Pattern.compile("([\\w.-]+|\\[[\\p{XDigit}:.]+])(?::(\\d{0,5}))?");

    /**
     * Reads a URL; without a scheme it is http.
     *
     * @throws IllegalArgumentException when it is none that can be asked; the message says why
     */
    public static Target parse(String text) {
        // A password is not repeated.
        var shown = text.replaceFirst("^([a-zA-Z]+://)?[^/@]*@", "$1***@");
        var uri = uri(text.contains("://") ? text : "http://" + text, shown);
        var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("'%s' is %s; probe speaks http and https".formatted(shown, scheme));
        }
        var authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        if (authority.contains("@")) {
            throw new IllegalArgumentException(
                    "'%s' has a user name in it; give an Authorization header with -H instead".formatted(shown));
        }
        var parts = AUTHORITY.matcher(authority);
        if (authority.matches("\\[[^\\]]*%.*")) {
            throw new IllegalArgumentException(
                    "'%s' has a zone, after the %%; probe takes IPv6 addresses without one".formatted(shown));
        }
        if (!parts.matches()) {
            throw new IllegalArgumentException("'%s' names no host".formatted(shown));
        }
        boolean tls = scheme.equals("https");
        var digits = parts.group(2);
        int port = digits == null || digits.isEmpty() ? tls ? 443 : 80 : Integer.parseInt(digits);
        if (port == 0 || port > 65_535) {
            throw new IllegalArgumentException("'%s' has no port from 1 to 65535".formatted(shown));
        }
        var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Target(tls, parts.group(1).replaceAll("[\\[\\]]", ""), port, path + query, text);
    }

    private static URI uri(String url, String text) {
        try {
            var parts = URL.matcher(url);
            // A host in another script has its own way into ASCII; the rest is percent-encoded.
            var ascii = parts.matches() ? parts.group(1) + IDN.toASCII(parts.group(2)) + parts.group(3) : url;
            return new URI(new URI(ascii).toASCIIString());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'%s' is not a URL: %s".formatted(text, e.getReason()), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'%s' names no host".formatted(text), e);
        }
    }

    /** The value of Host: without the scheme's default port. */
    public String authority() {
        var name = host.contains(":") ? "[" + host + "]" : host;
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }
}
