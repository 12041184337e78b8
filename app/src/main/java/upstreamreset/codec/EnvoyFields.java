// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import upstreamreset.http1.FieldSpans;

/**
 * The fields of a response as Envoy's codec gets them from its parser, and its checks of them
 * (source/common/http/http1/codec_impl.cc, balsa_parser.cc). The checks return the codec's error, or an empty string.
 */
final class EnvoyFields {
    /** Envoy's default for {@code max_headers_count}. */
    private static final int MAX_FIELDS = 100;

    /**
     * Fields that Envoy's header map stores once, however often they come: those of envoy/http/header_map.h, and those
     * that its filters register. Measured on Envoy 1.36.2 and 1.40.0.
     */
    private static final Set<String> INLINE = Set.of("""
            access-control-allow-credentials access-control-allow-headers access-control-allow-methods
            access-control-allow-origin access-control-allow-private-network access-control-expose-headers
            access-control-max-age age cache-control connection content-encoding content-length content-type
            date etag expires grpc-message grpc-status keep-alive last-modified location proxy-connection
            proxy-status server transfer-encoding upgrade vary via x-envoy-attempt-count
            x-envoy-decorator-operation x-envoy-degraded x-envoy-immediate-health-check-fail x-envoy-ratelimited
            x-envoy-upstream-canary x-envoy-upstream-healthchecked-cluster x-envoy-upstream-service-time
            x-request-id""".split("\\s", -1));

    private int count;
    private boolean contentLength;
    private String length = "";
    private @Nullable String transferEncoding;
    private boolean altered;
    private boolean unknownCoding;
    private boolean contentType;
    private String connection = "";
    private @Nullable String upgrade;

    /** Takes the fields over, one after the other. */
    String add(BalsaHead head) {
        var fields = head.fields();
        boolean many = fields.count() > MAX_FIELDS;
        var inline = many ? new HashSet<String>() : Set.<String>of();
        for (int field = 0; field < fields.count(); field++) {
            if (!fields.validName(field)) {
                return "HPE_INVALID_HEADER_TOKEN";
            }
            // Envoy counts a field when the next one begins.
            if (count > MAX_FIELDS) {
                return "headers count exceeds limit";
            }
            if (many) {
                var name = fields.name(field).toLowerCase(Locale.ROOT);
                count += INLINE.contains(name) && !inline.add(name) ? 0 : 1;
            }
            if (head.lineEndsInValues()
                    && ProxyAlteration.endToEnd(fields.name(field).toLowerCase(Locale.ROOT))) {
                altered |= alters(fields.value(field));
            }
            add(fields, field);
        }
        return count > MAX_FIELDS ? "headers count exceeds limit" : EnvoyCodec.NO_ERROR;
    }

    private void add(FieldSpans fields, int field) {
        if (fields.named(field, "content-length")) {
            contentLength = true;
            length = joined(length, withoutLineEnds(fields.value(field)));
        } else if (fields.named(field, "transfer-encoding")) {
            var value = withoutLineEnds(fields.value(field));
            unknownCoding |= fields.value(field).indexOf('\r') >= 0;
            transferEncoding = joined(transferEncoding == null ? "" : transferEncoding, value);
        } else if (fields.named(field, "content-type")) {
            contentType |= !fields.value(field).isEmpty();
        } else if (fields.named(field, "connection")) {
            connection = joined(connection, withoutLineEnds(fields.value(field)));
        } else if (fields.named(field, "upgrade")) {
            upgrade = joined(upgrade == null ? "" : upgrade, withoutLineEnds(fields.value(field)));
        }
    }

    private static String joined(String before, String value) {
        return before.isEmpty() || value.isEmpty() ? before + value : before + "," + value;
    }

    private static String withoutLineEnds(String value) {
        return value.replace("\r", "").replace("\n", "");
    }

    /** Whether the value changes its meaning when its line ends are removed. */
    private static boolean alters(String value) {
        boolean folded = value.indexOf('\n') >= 0;
        var sent = value.replace("\r\n", "").replace("\n", "");
        return !ProxyAlteration.meaning(sent, folded).equals(ProxyAlteration.meaning(withoutLineEnds(value), folded));
    }

    /** Checks the framing fields against each other and against {@code status}. */
    String check(int status) {
        if (transferEncoding != null) {
            if (contentLength) {
                return "both 'Content-Length' and 'Transfer-Encoding' are set.";
            }
            if (!transferEncoding.equalsIgnoreCase("chunked")) {
                return "unsupported transfer encoding";
            }
        }
        if (status < 200 || status == 204) {
            if (transferEncoding != null) {
                return "transfer encoding not allowed in 1xx or 204";
            }
            if (contentLength && !length.equals("0")) {
                return "content length not allowed in 1xx or 204";
            }
        }
        return EnvoyCodec.NO_ERROR;
    }

    /** Whether the fields announce another protocol on this connection. Envoy ignores {@code h2c}. */
    boolean upgrade() {
        if (upgrade == null || upgrade.equalsIgnoreCase("h2c")) {
            return false;
        }
        return Arrays.stream(connection.split(",", -1))
                .anyMatch(option -> option.strip().equalsIgnoreCase("upgrade"));
    }

    boolean contentType() {
        return contentType;
    }

    /**
     * Whether Envoy's local reply with these fields and no body would lose or change their Content-Length: it has 0 if
     * they announce an upgrade, and otherwise, in a 304, none.
     */
    boolean contentLengthLost() {
        return upgrade() ? contentLength && !length.equals("0") : !length.isEmpty();
    }

    /** Whether a coding's name contains a CR, which Envoy removes: to other recipients it is an unknown coding. */
    boolean unknownCoding() {
        return unknownCoding;
    }

    /** Whether the client gets a value that differs from the one sent. */
    boolean altered() {
        return altered;
    }

    /** Checks the trailers, which Envoy then drops: by default it does not forward them. */
    static String checkNames(FieldSpans trailers) {
        for (int field = 0; field < trailers.count(); field++) {
            if (!trailers.validName(field)) {
                return "HPE_INVALID_HEADER_TOKEN";
            }
        }
        return EnvoyCodec.NO_ERROR;
    }
}
