// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import upstreamreset.probe.ProbeRequest;

/** What the API server's Pod proxy passes on of a request: which methods and fields, and the path as a URI of its own. */
final class PodProxy {
    /** Those of the API server's routes to {@code pods/proxy}. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    /** What it takes for itself, sets itself, or drops as hop-by-hop (RFC 9110 §7.6.1). */
    private static final Set<String> KEPT = Set.of(
            "authorization",
            "host",
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "expect",
            "content-length");

    /** With these it would let another user ask. */
    private static final String IMPERSONATION = "impersonate-";

    private PodProxy() {}

    static boolean takes(String method) {
        return METHODS.contains(method);
    }

    /** The fields of the question that do not reach the Pod as they were given, as they were written. */
    static List<String> withheld(ProbeRequest request) {
        return request.fields().stream()
                .map(PodProxy::name)
                .filter(name -> isKept(request, name))
                // Their values are set as they must be.
                .filter(name -> !name.equalsIgnoreCase("content-length"))
                .distinct()
                .toList();
    }

    private static String name(String field) {
        return field.substring(0, field.indexOf(':'));
    }

    private static boolean isKept(ProbeRequest request, String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return KEPT.contains(lower)
                || lower.startsWith(IMPERSONATION)
                || values(request, "connection").contains(lower);
    }

    /** The words of all fields of a name, in lower case. */
    private static Set<String> values(ProbeRequest request, String name) {
        return request.fields().stream()
                .filter(field -> name(field).equalsIgnoreCase(name))
                .flatMap(field -> List.of(field.substring(field.indexOf(':') + 1)
                                .toLowerCase(Locale.ROOT)
                                .strip()
                                .split("\\s*,\\s*"))
                        .stream())
                .collect(Collectors.toSet());
    }

    /** The fields that it passes on; several of one name as one (RFC 9110 §5.3). */
    static Map<String, String> forwarded(ProbeRequest request) {
        var fields = new LinkedHashMap<String, String>();
        for (var field : request.fields()) {
            var name = name(field).toLowerCase(Locale.ROOT);
            if (!isKept(request, name)) {
                fields.merge(
                        name,
                        field.substring(field.indexOf(':') + 1).strip(),
                        (one, other) -> one + (name.equals("cookie") ? "; " : ", ") + other);
            }
        }
        return fields;
    }

    /** Percent-encoded where a URI of the API server's cannot have it. */
    static String uri(String path) {
        var uri = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = (c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || "-._~/?=&%+:@!$'()*,;".indexOf(c) >= 0;
            uri.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return uri.toString();
    }

    /** Says in one sentence what is not passed on; empty where all is. */
    static String sentence(List<String> withheld) {
        return withheld.isEmpty()
                ? ""
                : String.join(", ", withheld)
                        + (withheld.size() == 1 ? " does" : " do")
                        + " not pass the API server's Pod proxy, so the answer may differ for that";
    }
}
