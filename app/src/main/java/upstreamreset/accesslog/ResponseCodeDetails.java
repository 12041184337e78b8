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
    private static final Pattern SHAPE = Pattern.compile("(upstream_reset_[^{]*)\\{([^|,}]*)(?:[|,](.*))?}");

    /** {@code [policy]} of RBAC, <code>{Jwt_is_missing}</code> of JWT, {@code (http2_ping_timeout)}, {@code :The_user_callback…}. */
    private static final Pattern ARGUMENT = Pattern.compile("[\\[{(:].*");

    /** Details that Envoy sets when it responds without contacting the upstream. */
    private static final Map<String, String> BEFORE_UPSTREAM = Table.parse("""
            no_healthy_upstream: no endpoint of the cluster is healthy
            cluster_not_found: the route names a cluster that this proxy does not have
            route_not_found: no route matches the request
            route_configuration_not_found: the listener's route configuration had not arrived
            filter_chain_not_found: no filter chain of the listener matches the connection: often its mTLS mode or port
            direct_response: the route itself answers; no upstream was asked
            maintenance_mode: the cluster is in maintenance mode
            upgrade_failed: the client asks for an upgrade that this proxy does not let through
            low_version: the client spoke HTTP/1.0, which this listener does not take
            missing_host_header: the client's request has no Host
            missing_path_rejected: the client's request has no path
            absolute_path_rejected: the client asked for a whole URL, which this listener does not take
            path_normalization_failed: the client's path cannot be normalized
            request_headers_failed_strict_check: an x-envoy-* request header has a value that strict checking refuses
            filter_removed_required_headers: a filter removed a header that the request needs
            request_payload_too_large: the request's body is larger than what is buffered
            rbac_access_denied_matched_policy: an authorization policy refused the request
            jwt_authn_access_denied: the request's token is missing or not valid
            ext_authz_denied: the external authorization service refused the request
            ext_authz_error: the external authorization service could not be asked
            fault_filter_abort: an abort was injected on purpose
            local_rate_limited: this proxy's own rate limit refused the request
            request_rate_limited: the rate limit service refused the request
            rate_limiter_error: the rate limit service could not be asked
            """);

    private static final Map<String, String> OTHERS = Table.parse("""
            via_upstream: the upstream itself sent this response; the proxy passed it on
            upstream_reset_before_response_started: the exchange broke before the client got a response
            upstream_reset_after_response_started: the exchange broke when the client already had the status, so its body is cut short
            response_timeout: the upstream did not answer within the route's timeout
            upstream_response_timeout: the upstream did not answer within the route's timeout
            upstream_per_try_timeout: the upstream did not answer within the timeout of one try
            upstream_max_stream_duration_reached: the upstream's stream outlived its maximum duration
            stream_idle_timeout: the stream was idle for its idle timeout
            max_duration_timeout: the stream outlived its maximum duration
            duration_timeout: the client's connection outlived its maximum duration
            request_header_timeout: the client took longer than the header timeout to send its request's head
            codec_error: what came over HTTP/2 breaks a rule
            http2.remote_reset: the client reset its HTTP/2 stream
            http2.remote_refuse: the client refused the HTTP/2 stream
            request_overall_timeout: the client took longer than the request timeout to send its request
            internal_redirect: the proxy followed the redirect itself; another line tells how that ended
            downstream_remote_disconnect: the client went away first
            downstream_local_disconnect: this proxy closed the client's connection
            overload: the proxy's overload manager ended the request
            websocket_handshake_unsuccessful: the app refused the switch to a websocket
            request_payload_exceeded_retry_buffer_limit: the request's body is too large to be kept for a retry
            response_payload_too_large: the response's body is larger than what is buffered
            http1.codec_error: the client's request is not HTTP/1
            http1.invalid_transfer_encoding: the client's request has a Transfer-Encoding other than chunked
            http1.content_length_and_chunked_not_allowed: the client's request has both Content-Length and Transfer-Encoding
            http1.body_disallowed: the client's request has a body where none may be
            http1.connection_header_rejected: the client's Connection header is malformed or too long
            http1.content_length_not_allowed: a Content-Length stands where none may be
            http1.transfer_encoding_not_allowed: a Transfer-Encoding stands where none may be
            http1.headers_too_large: the request's head is larger than this listener takes
            http1.too_many_headers: the request has more headers than this listener takes
            http1.invalid_characters: a request header has a character that none may have
            http1.invalid_url: the request's target is no URL
            http1.unexpected_underscore: a request header's name has an underscore, which this listener refuses
            http2.inbound_empty_frames_flood: a flood of empty HTTP/2 frames came from the client
            http2.outbound_frames_flood: the client makes this proxy send a flood of HTTP/2 frames
            http2.invalid.header.field: an HTTP/2 header of the client is not valid
            http2.too_many_headers: the request has more headers than this listener takes
            http2.unexpected_underscore: a request header's name has an underscore, which this listener refuses
            http2.violation.of.messaging.rule: the client broke a rule of HTTP/2 messages
            http2.unknown.nghttp2.error: the client's HTTP/2 is not valid
            """);

    /** Reads any text; unknown text stays as the name. */
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

    /** Whether the exchange with the upstream broke off. */
    public boolean isReset() {
        return reason.isPresent();
    }

    /** Whether it broke off before the client got anything. */
    public boolean resetBeforeResponse() {
        return isReset() && name.equals("upstream_reset_before_response_started");
    }

    /** Whether it broke off after the response, or a 1xx before it, had begun. */
    public boolean resetAfterResponse() {
        return isReset() && name.equals("upstream_reset_after_response_started");
    }

    /** Whether the upstream had sent its whole response, and only the rest of the request was cut. */
    public boolean cutOnlyTheRequest() {
        return resetAfterResponse()
                && reason.equals(Optional.of(new ResetReason("HTTP/1 premature upstream half close")));
    }

    /** Whether the proxy answered without asking the upstream; what begins with a codec's name is the client's doing. */
    public boolean beforeUpstream() {
        var word = withoutArgument();
        return BEFORE_UPSTREAM.containsKey(word)
                || word.startsWith("http1.")
                || (word.startsWith("http2.") && !word.startsWith("http2.remote_"))
                || (!OTHERS.containsKey(word) && RareDetails.beforeUpstream(word));
    }

    /** Whether the proxy passed on what the upstream sent. */
    public boolean viaUpstream() {
        return name.equals("via_upstream");
    }

    /** Whether something took too long: {@code stream_idle_timeout}, for example. */
    public boolean timedOut() {
        return name.endsWith("_timeout") || name.equals("upstream_max_stream_duration_reached");
    }

    /** Whether the upstream took too long after it had the whole request, which it then has not begun to answer. */
    public boolean routeTimedOut() {
        return name.equals("response_timeout")
                || name.equals("upstream_response_timeout")
                || name.equals("upstream_per_try_timeout");
    }

    /** Whether the client's HTTP/2 was refused. */
    public boolean ofHttp2Codec() {
        return (name.startsWith("http2.") && !name.startsWith("http2.remote_")) || name.startsWith("codec_error");
    }

    /** Whether they say that the proxy refused the request or gave it up, whatever status the client got. */
    public boolean refuses() {
        return timedOut()
                || name.equals("overload")
                || (beforeUpstream() && !byTheRoute() && !RareDetails.answers(withoutArgument()));
    }

    /** Whether the route itself answered, as somebody configured it to. */
    public boolean byTheRoute() {
        return name.equals("direct_response");
    }

    private String withoutArgument() {
        return ARGUMENT.matcher(name).replaceFirst("");
    }

    /** The meaning of the details, without a full stop; empty if unknown. */
    public Optional<String> words() {
        var word = withoutArgument();
        @Nullable String common = BEFORE_UPSTREAM.getOrDefault(word, OTHERS.get(word));
        return (common == null ? RareDetails.words(word) : Optional.of(common))
                .map(words -> words
                        + (name.indexOf('(') < 0
                                ? ""
                                : RareDetails.localClose(name)
                                        .map(why -> ": " + why)
                                        .orElse(""))
                        + reason.map(each -> ": " + each.sentence()).orElse("")
                        + transportFailure
                                .map(each -> " (" + each.replace('_', ' ') + ")")
                                .orElse(""));
    }
}
