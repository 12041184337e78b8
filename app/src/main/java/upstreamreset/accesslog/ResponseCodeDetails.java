// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code %RESPONSE_CODE_DETAILS%} taken apart: {@code via_upstream}, {@code upstream_reset_before_response_started{protocol_error}}.
 * The separator before a transport failure is {@code ,} in older Envoys and {@code |} from 1.36 on.
 */
public record ResponseCodeDetails(String name, Optional<ResetReason> reason, Optional<String> transportFailure) {
    private static final Pattern SHAPE = Pattern.compile("([^{]*)\\{([^|,}]*)(?:[|,](.*))?}");

    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("via_upstream", "the upstream itself sent this response; the proxy passed it on"),
            Map.entry("upstream_reset_before_response_started", "the exchange broke before the client got a response"),
            Map.entry(
                    "upstream_reset_after_response_started",
                    "the exchange broke when the client already had the status, so its body is cut short"),
            Map.entry("no_healthy_upstream", "no endpoint of the cluster is healthy"),
            Map.entry("response_timeout", "the upstream did not answer within the route's timeout"),
            Map.entry("upstream_per_try_timeout", "the upstream did not answer within the timeout of one try"),
            Map.entry("stream_idle_timeout", "nothing moved on the stream for the idle timeout"),
            Map.entry("max_duration_timeout", "the stream outlived its maximum duration"),
            Map.entry("cluster_not_found", "the route names a cluster that this proxy does not have"),
            Map.entry("route_not_found", "no route matches the request"),
            Map.entry("direct_response", "the route itself answers; no upstream was asked"),
            Map.entry("downstream_remote_disconnect", "the client went away first"),
            Map.entry("downstream_local_disconnect", "this proxy closed the client's connection"),
            Map.entry("low_version", "the client spoke HTTP/1.0, which this listener does not take"),
            Map.entry("overload", "the proxy's overload manager ended the request"),
            Map.entry("rbac_access_denied_matched_policy", "an authorization policy refused the request"),
            Map.entry("http1.codec_error", "the client's request is not HTTP/1"),
            Map.entry(
                    "http1.invalid_transfer_encoding",
                    "the client's request has a Transfer-Encoding other than chunked"),
            Map.entry(
                    "http1.content_length_and_chunked_not_allowed",
                    "the client's request has both Content-Length and Transfer-Encoding"));

    /** Reads any text; what it does not know stays as the name. */
    public static ResponseCodeDetails parse(String text) {
        var shape = SHAPE.matcher(text);
        if (!shape.matches()) {
            return new ResponseCodeDetails(text, Optional.empty(), Optional.empty());
        }
        @Nullable String transport = shape.group(3);
        return new ResponseCodeDetails(
                shape.group(1),
                Optional.of(ResetReason.of(shape.group(2))),
                Optional.ofNullable(transport).filter(each -> !each.isEmpty()));
    }

    /** What the details say, without a full stop; empty where they are not known. */
    public Optional<String> words() {
        int bracket = name.indexOf('[');
        var words = WORDS.get(bracket < 0 ? name : name.substring(0, bracket));
        if (words == null) {
            return Optional.empty();
        }
        return Optional.of(words
                + reason.map(each -> ": " + each.sentence()).orElse("")
                + transportFailure
                        .map(each -> " (" + each.replace('_', ' ') + ")")
                        .orElse(""));
    }
}
