// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.explain.ReplyLength;

/** Everything that Envoy is known to log of itself is known here: measured, or from its source and documentation. */
class VocabularyTest {
    /** As {@code scripts/lib/envoy_details.py} lists them. */
    private static final Path DETAILS = Path.of("src/test/resources/accesslog/response-code-details.txt");

    /** {@code SHORT Long}, as Envoy documents them. */
    private static final Path FLAGS = Path.of("src/test/resources/accesslog/response-flags.txt");

    @Test
    void everyFlagIsKnownByBothItsNames() throws IOException {
        var documented = Files.readAllLines(FLAGS).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(Arrays.stream(ResponseFlag.values()).map(flag -> flag + " " + flag.longName()))
                .containsExactlyInAnyOrderElementsOf(documented);
        for (var flag : ResponseFlag.values()) {
            assertThat(ResponseFlag.of(flag.name())).hasValue(flag);
            assertThat(ResponseFlag.of(flag.longName())).hasValue(flag);
        }
        assertThat(ResponseFlag.of("XYZ")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "protocol error, UPE, 87",
        "connection termination, UC, 95",
        "remote connection failure, UF, 98",
        "local connection failure, UF, 97",
        "connection timeout, UF, 91",
        "remote reset, UR, 85",
        "remote refused stream reset, UR, 100",
        "remote error with CONNECT request, UR, 106",
        "remote reset (no error), UR, 96",
        "overflow, UO, 81",
        "local reset, LR, 84",
        "local refused stream reset, LR, 99",
        "overload manager reset, OM, 95",
        "HTTP/1 premature upstream half close, LR, 109",
    })
    void everyResetReasonIsKnownInTheDetailsAndByTheLengthOfItsReply(String reason, String flag, int bytes) {
        for (var when : new String[] {"before", "after"}) {
            var details = ResponseCodeDetails.parse(
                    "upstream_reset_%s_response_started{%s}".formatted(when, reason.replace(' ', '_')));
            assertThat(details.reason()).hasValue(new ResetReason(reason));
            assertThat(details.words())
                    .hasValueSatisfying(words -> assertThat(words)
                            .endsWith(": " + new ResetReason(reason).sentence())
                            .doesNotContain("does not know"));
        }
        assertThat(new ResetReason(reason).bodyLength(false)).isEqualTo(bytes);
        assertThat(new ResetReason(reason).bodyLength(true)).isEqualTo(bytes + 23);
        for (int sent : new int[] {bytes, bytes + 23}) {
            var entry = new AccessLogEntry(Map.of(
                    LogField.RESPONSE_CODE,
                    "503",
                    LogField.RESPONSE_FLAGS,
                    flag,
                    LogField.BYTES_SENT,
                    Integer.toString(sent),
                    LogField.DURATION,
                    reason.equals("connection timeout") ? "10000" : "2"));
            assertThat(ReplyLength.reason(entry)).hasValue(new ResetReason(reason));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "via_upstream",
                "no_healthy_upstream",
                "response_timeout",
                "upstream_response_timeout",
                "upstream_per_try_timeout",
                "upstream_max_stream_duration_reached",
                "stream_idle_timeout",
                "max_duration_timeout",
                "duration_timeout",
                "request_overall_timeout",
                "cluster_not_found",
                "route_not_found",
                "route_configuration_not_found",
                "filter_chain_not_found",
                "direct_response",
                "internal_redirect",
                "maintenance_mode",
                "downstream_remote_disconnect",
                "downstream_local_disconnect",
                "overload",
                "websocket_handshake_unsuccessful",
                "upgrade_failed",
                "low_version",
                "missing_host_header",
                "missing_path_rejected",
                "absolute_path_rejected",
                "path_normalization_failed",
                "request_headers_failed_strict_check",
                "filter_removed_required_headers",
                "request_payload_too_large",
                "request_payload_exceeded_retry_buffer_limit",
                "response_payload_too_large",
                "rbac_access_denied_matched_policy[none]",
                "rbac_access_denied_matched_policy[ns[a]-policy[b]-rule[0]]",
                "jwt_authn_access_denied{Jwt_is_missing}",
                "ext_authz_denied",
                "ext_authz_error",
                "fault_filter_abort",
                "local_rate_limited",
                "request_rate_limited",
                "rate_limiter_error",
                "http1.body_disallowed",
                "http1.codec_error",
                "http1.connection_header_rejected",
                "http1.content_length_and_chunked_not_allowed",
                "http1.content_length_not_allowed",
                "http1.headers_too_large",
                "http1.invalid_characters",
                "http1.invalid_transfer_encoding",
                "http1.invalid_url",
                "http1.too_many_headers",
                "http1.transfer_encoding_not_allowed",
                "http1.unexpected_underscore",
                "http2.inbound_empty_frames_flood",
                "http2.invalid.header.field",
                "http2.outbound_frames_flood",
                "http2.too_many_headers",
                "http2.unexpected_underscore",
                "http2.unknown.nghttp2.error",
                "http2.violation.of.messaging.rule",
            })
    void everyOtherDetailIsSaidInWords(String details) {
        var parsed = ResponseCodeDetails.parse(details);
        assertThat(parsed.words())
                .hasValueSatisfying(words -> assertThat(words).isNotBlank().doesNotContain("does not know"));
        assertThat(parsed.reason()).as("what is no reset has no reason").isEmpty();
    }

    @Test
    void everyDetailThatEnvoysBinaryHoldsIsSaidInWords() throws IOException {
        var lacking = Files.readAllLines(DETAILS).stream()
                .filter(line -> !line.startsWith("#"))
                .filter(name -> ResponseCodeDetails.parse(name).words().isEmpty()
                        && RareDetails.localClose("downstream_local_disconnect(" + name + ")")
                                .isEmpty())
                .toList();
        assertThat(lacking).as("without words").isEmpty();
    }

    @Test
    void whatRefusesAndWhatAnswersAreTold() {
        assertThat(List.of(
                        "rbac_access_denied_matched_policy[none]",
                        "overload",
                        "max_duration_timeout",
                        "jwt_authn_access_denied{x}"))
                .allMatch(name -> ResponseCodeDetails.parse(name).refuses());
        assertThat(List.of(
                        "via_upstream",
                        "direct_response",
                        "health_check_ok_cluster_healthy",
                        "admin_filter_response",
                        "my_filter"))
                .noneMatch(name -> ResponseCodeDetails.parse(name).refuses());
    }

    @Test
    void theReasonOfALocalCloseIsSaid() {
        assertThat(ResponseCodeDetails.parse("downstream_local_disconnect(http2_ping_timeout)")
                        .words())
                .hasValueSatisfying(words -> assertThat(words).contains("pings"));
    }

    @Test
    void whatTheClientResetsHadGoneOn() {
        assertThat(ResponseCodeDetails.parse("http2.remote_reset").beforeUpstream())
                .isFalse();
        assertThat(ResponseCodeDetails.parse("http2.invalid.header.field").beforeUpstream())
                .isTrue();
        assertThat(ResponseCodeDetails.parse("no_credential_for_basic_auth").beforeUpstream())
                .isTrue();
        assertThat(ResponseCodeDetails.parse("ext_proc_error").beforeUpstream()).isFalse();
    }

    @Test
    void whatAFilterMadeUpIsUnknown() {
        assertThat(ResponseCodeDetails.parse("my_filter_says_no").words()).isEmpty();
        assertThat(ResponseCodeDetails.parse("upstream_reset_before_response_started{moon_phase}")
                        .words())
                .hasValueSatisfying(
                        words -> assertThat(words).endsWith("\"moon phase\", which this tool does not know"));
    }
}
