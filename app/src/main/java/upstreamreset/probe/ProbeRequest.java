// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.RequestHead;
import upstreamreset.http1.RequestReader;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Printable;

/**
 * The request that a probe sends.
 *
 * @param method {@code GET}
 * @param fields further field lines, {@code Name: value}
 */
public record ProbeRequest(String method, List<String> fields, Bytes body) {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    /** @throws IllegalArgumentException when it would not be one request; the message says why */
    public ProbeRequest {
        fields = List.copyOf(fields);
        if (!method.matches(TOKEN)) {
            throw new IllegalArgumentException("'%s' is not a method".formatted(Printable.of(method)));
        }
        for (var field : fields) {
            if (!field.matches(TOKEN + ":.*") || field.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F)) {
                throw new IllegalArgumentException(
                        "'%s' is not a field line; write 'Name: value' without control characters, which would split the request"
                                .formatted(Printable.of(field)));
            }
        }
    }

    /**
     * What curl makes of these options: GET, or a form's POST where there are data, unless a method or a Content-Type is given.
     *
     * @param data null if none are given
     * @throws IllegalArgumentException when it would not be one request; the message says why
     */
    public static ProbeRequest of(@Nullable String method, List<String> fields, @Nullable Bytes data) {
        var request = new ProbeRequest(method != null ? method : data == null ? "GET" : "POST", fields, Bytes.EMPTY);
        if (data == null) {
            return request;
        }
        var all = new ArrayList<>(fields);
        if (!request.has("content-type")) {
            all.add("Content-Type: application/x-www-form-urlencoded");
        }
        return new ProbeRequest(request.method(), all, data);
    }

    private static final String COMPRESSED = "Accept-Encoding: gzip, deflate, br";

    /** Whether its answer can be asked for compressed too: the caller has not said which answers it takes. */
    boolean mayTakeCompressed() {
        return !has("accept-encoding");
    }

    /** The same for a client that takes compressed answers, if the caller has not said that. */
    ProbeRequest takingCompressed() {
        if (!mayTakeCompressed()) {
            return this;
        }
        var more = new ArrayList<>(fields);
        more.add(COMPRESSED);
        return new ProbeRequest(method, more, body);
    }

    /** Whether it is what {@link #takingCompressed} has made. */
    boolean takesCompressed() {
        return !fields.isEmpty() && fields.getLast().equals(COMPRESSED);
    }

    /** Whether sending it twice changes nothing (RFC 9110 §9.2.1). */
    boolean safe() {
        return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
    }

    /** The facts in {@code bytes}, the request as sent, that decide how to read the response. */
    RequestContext context(byte[] bytes) {
        var reader = new RequestReader();
        reader.feed(bytes, 0, bytes.length);
        return reader.head().map(RequestHead::context).orElseGet(() -> RequestContext.of(method));
    }

    byte[] bytes(Target target) {
        var head = new StringBuilder(method + " " + target.requestTarget() + " HTTP/1.1\r\n");
        if (!has("host")) {
            head.append("Host: ").append(target.authority()).append("\r\n");
        }
        if (!has("user-agent")) {
            head.append("User-Agent: upstream-reset\r\n");
        }
        if (!has("accept")) {
            head.append("Accept: */*\r\n");
        }
        fields.forEach(field -> head.append(field).append("\r\n"));
        if (!has("content-length") && !has("transfer-encoding") && (body.length() > 0 || expectsContent())) {
            head.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return Bytes.concat(List.of(Bytes.of(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8)), body))
                .toArray();
    }

    /** Whether an empty body is to be announced too (RFC 9110 §8.6). */
    private boolean expectsContent() {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    private boolean has(String name) {
        return fields.stream().anyMatch(field -> field.toLowerCase(Locale.ROOT).startsWith(name + ":"));
    }
}
