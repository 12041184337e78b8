// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;

class ScrapReaderTest {
    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
            upstream connect error or disconnect/reset before headers. reset reason: connection termination => 503 UC upstream_reset_before_response_started{connection_termination}
            upstream connect error or disconnect/reset before headers. retried and the latest reset reason: connection failure, transport failure reason: delayed connect error: 111 => 503 UF upstream_reset_before_response_started{connection_failure|delayed_connect_error:_111}
            upstream connect error or disconnect/reset before headers. reset reason: protocol error => 502 UPE upstream_reset_before_response_started{protocol_error}
            Error: "upstream connect error or disconnect/reset before headers. reset reason: overflow" (503) => 503 UO upstream_reset_before_response_started{overflow}
            {\\"message\\":\\"upstream connect error or disconnect/reset before headers. reset reason: remote reset\\"} => 503 UR upstream_reset_before_response_started{remote_reset}
            rpc error: code = Unavailable desc = upstream connect error or disconnect/reset before headers. reset reason: connection timeout => 200 UF upstream_reset_before_response_started{connection_timeout}
            upstream connect error or disconnect/reset before headers. reset reason: connection term => 503 UC upstream_reset_before_response_started{connection_termination}
            upstream connect error or disconnect/reset before headers. reset reason: connection termination, header:map[Content-Length:[95] Server:[envoy]] => 503 UC upstream_reset_before_response_started{connection_termination}
            reset reason: connection failure Failed to dial target host => null null null
            upstream connect error or disconnect/reset before headers. reset reason: connection failure Failed to dial target host "greeter:5000" => 503 UF upstream_reset_before_response_started{connection_failure}
            14:upstream connect error or disconnect/reset before headers. reset reason: connection termination. debug_error_string:{"grpc_status":14} => 200 UC upstream_reset_before_response_started{connection_termination}
            Service Unavailable upstream connect error or disconnect/reset before headers. reset reason: connection failure => 503 UF upstream_reset_before_response_started{connection_failure}
            code=503 upstream connect error or disconnect/reset before headers. reset reason: overflow => 503 UO upstream_reset_before_response_started{overflow}
            "upstream connect error or disconnect\\/reset before headers. reset reason: remote reset (no error)" => 503 UR upstream_reset_before_response_started{remote_reset_(no_error)}
            upstream connect error or disconnect/reset before headers. reset reason: remote reset (no error) => 503 UR upstream_reset_before_response_started{remote_reset_(no_error)}
            [upstream connect error or disconnect/reset before headers. reset reason: remote reset (no error)] => 503 UR upstream_reset_before_response_started{remote_reset_(no_error)}
            2025-03-11 09:14:14: upstream connect error or disconnect/reset before headers. reset reason: overflow => 503 UO upstream_reset_before_response_started{overflow}
            out.log:14:upstream connect error or disconnect/reset before headers. reset reason: overflow => 503 UO upstream_reset_before_response_started{overflow}
            '  Message:   upstream connect error or disconnect/reset before headers. reset reason: overflow' => 503 UO upstream_reset_before_response_started{overflow}
            headers. reset reason: connection termination => 503 UC upstream_reset_before_response_started{connection_termination}
            [2025-03-11 09:14:55.102][23][debug][router] [source/common/router/router.cc:1351] [Tags: "ConnectionId":"11","StreamId":"123"] upstream reset: reset reason: protocol error, transport failure reason: => 502 UPE upstream_reset_before_response_started{protocol_error|}
            what does NFCF mean? => null NFCF null
            what is a DC flag => null DC null
            meet me at the DC => null null null
            503 UC => 503 UC null
            502 (UPE) => 502 UPE null
            503UH => 503 UH null
            UF,URX => null UF,URX null
            response_flags=UF,URX => null UF,URX null
            UpstreamProtocolError => null UpstreamProtocolError null
            upstream_reset_before_response_started{protocol_error} => null null upstream_reset_before_response_started{protocol_error}
            502 UPE upstream_reset_before_response_started{protocol_error} => 502 UPE upstream_reset_before_response_started{protocol_error}
            no_healthy_upstream => null null no_healthy_upstream
            downstream_local_disconnect(http2_ping_timeout) => null null downstream_local_disconnect(http2_ping_timeout)
            istio_requests_total{response_code="503",response_flags="UC"} 12 => 503 UC null
            """)
    void envoysOwnWordsAreWhatALogLineWouldHaveHeld(String line, String told) {
        var entry = ScrapReader.read(line).map(Scrap::told);
        assertThat(text(entry, LogField.RESPONSE_CODE) + " " + text(entry, LogField.RESPONSE_FLAGS) + " "
                        + text(entry, LogField.RESPONSE_CODE_DETAILS))
                .isEqualTo(told);
    }

    private static String text(Optional<AccessLogEntry> entry, LogField field) {
        return entry.flatMap(each -> each.text(field)).orElse("null");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '~', textBlock = """
            upstream connect error or disconnect/reset before headers => Envoy: connection-failed
            http 2025-03-11T09:14:55.186641Z app/lb/50dc6c 192.168.131.39:2817 10.0.0.1:80 0.000 0.001 -1 502 - 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" => AWS load balancer: app-closed
            h2 2025-03-11T09:14:55.186641Z app/lb/50dc6c 192.168.131.39:2817 - -1 -1 -1 503 - 34 366 "GET https://www.example.com:443/ HTTP/2.0" "curl/7.46.0" => AWS load balancer: no-healthy-upstream
            https 2025-03-11T09:14:55.186641Z app/lb/50dc6c 192.168.131.39:2817 10.0.0.1:80 0.000 60.001 -1 504 - 34 366 "GET https://www.example.com:443/ HTTP/1.1" "curl/7.46.0" => AWS load balancer: upstream-timeout
            https 2025-03-11T09:14:55.186641Z app/lb/50dc6c 192.168.131.39:2817 10.0.0.1:80 0.000 0.004 0.000 503 503 34 366 "GET https://www.example.com:443/ HTTP/1.1" "curl/7.46.0" => AWS load balancer: next-hop
            10.244.2.7:8080      UNHEALTHY   OK                outbound|8080||web.default.svc.cluster.local => istioctl proxy-config: no-healthy-upstream
            10.244.2.8:8080      HEALTHY     FAILED            outbound|8080||web.default.svc.cluster.local => istioctl proxy-config: no-healthy-upstream
            web-0.default  Kubernetes  SYNCED  SYNCED  STALE  SYNCED  NOT SENT  istiod-5b7d-xxx  1.24.1 => istioctl proxy-config: control-plane-unreachable
            connection closed due to policy rejection: workload not found => ztunnel: ambient-unknown-destination
            rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp: lookup web on 10.96.0.10:53: read udp 10.1.1.1:4711->10.96.0.10:53: i/o timeout" => gRPC: dns-failed
            rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp: lookup web on 10.96.0.10:53: read udp 10.1.1.1:4711->10.96.0.10:53: read: connection refused" => gRPC: dns-failed
            rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.1.1.1:80: i/o timeout" => gRPC: connect-timeout
            * http2 error: Invalid HTTP header field was received: frame type: 1, stream: 1, name: [connection], value: [close] => curl: invalid-http2-response
            Error [ERR_HTTP2_ERROR]: The user callback function failed => Node: invalid-http2-response
            error="connection closed due to policy rejection: allow policies exist, but none allowed" => ztunnel: ambient-policy-denied
            connection closed due to policy rejection: explicitly denied by: istio-system/istio_converted_static_strict => ztunnel: strict-mtls
            curl: (55) Send failure: Broken pipe => curl: early-close
            Error: Parse Error: The response has a duplicate "Content-Length" header => Node: duplicate-content-length
            The request was aborted because there was no available instance. => Google's load balancer: no-healthy-upstream
            wget: server returned error: HTTP/1.1 503 Service Unavailable => wget: next-hop
            upstream request timeout => Envoy: upstream-timeout
            no healthy upstream => Envoy: no-healthy-upstream
            rpc error: code = Unavailable desc = no healthy upstream => Envoy: no-healthy-upstream
            RBAC: access denied => Envoy: authorization-policy
            Jwt is expired => Envoy: jwt-refused
            cluster.outbound|8080||web.default.svc.cluster.local.upstream_rq_pending_failure_eject: 3 => Envoy: connection-failed
            cluster.web.upstream_cx_protocol_error: 17 => Envoy: duplicate-transfer-encoding
            envoy_cluster_upstream_cx_protocol_error{cluster_name="web"} 17 => Envoy: duplicate-transfer-encoding
            [2023-05-24 12:33:54.813][1][warning][config] [./source/common/config/grpc_stream.h:201] StreamRuntime gRPC config stream to contour closed since 172s ago: 14, upstream connect error or disconnect/reset before headers. reset reason: connection failure => Envoy, of its control plane: control-plane-unreachable
            gRPC config for type.googleapis.com/envoy.config.cluster.v3.Cluster rejected: Error adding/updating cluster(s) => Envoy, of its control plane: configuration-rejected
            2024/01/01 10:00:00 [error] 29#29: *1 upstream sent duplicate header line: "Transfer-Encoding: chunked", previous value: "Transfer-Encoding: chunked" while reading response header from upstream => nginx: duplicate-transfer-encoding
            *7 upstream sent "Content-Length" and "Transfer-Encoding" headers at the same time while reading response header from upstream => nginx: transfer-encoding-and-content-length
            *7 upstream prematurely closed connection while reading response header from upstream => nginx: app-closed
            *7 upstream prematurely closed connection while reading upstream => nginx: cut-in-body
            *1 connect() failed (111: Connection refused) while connecting to upstream => nginx: connection-refused
            *1 upstream timed out (110: Connection timed out) while connecting to upstream => nginx: connect-timeout
            *1 upstream timed out (110: Connection timed out) while reading response header from upstream => nginx: upstream-timeout
            Get "http://app:8080/wrong": net/http: HTTP/1.x transport connection broken: too many transfer encodings: ["chunked" "chunked"] => Go's net/http: duplicate-transfer-encoding
            Get "http://app:8080/": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x15\\x03\\x01\\x00\\x02\\x02" => Go's net/http: speaks-tls
            Get "http://app:8080/": EOF => Go's net/http: app-closed
            curl: (56) Recv failure: Connection reset by peer => curl: strict-mtls
            curl: (18) transfer closed with outstanding read data remaining => curl: cut-in-body
            curl: (52) Empty reply from server => curl: app-closed
            curl: (92) HTTP/2 stream 1 was not closed cleanly: PROTOCOL_ERROR (err 1) => curl: invalid-http2-response
            java.io.IOException: HTTP/1.1 header parser received no bytes => Java: app-closed
            java.io.IOException: fixed content-length: 10, bytes received: 5 => Java: cut-in-body
            org.apache.http.NoHttpResponseException: app:8080 failed to respond => Java: keep-alive-race
            Error: Parse Error: Content-Length can't be present with Transfer-Encoding => Node: transfer-encoding-and-content-length
              code: 'HPE_INVALID_CHUNK_SIZE', => Node: invalid-chunk-size
            Error: socket hang up => Node: app-closed
            http.client.IncompleteRead: IncompleteRead(5 bytes read, 5 more expected) => Python: cut-in-body
            http.client.RemoteDisconnected: Remote end closed connection without response => Python: app-closed
            requests.exceptions.ConnectionError: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response')) => Python: app-closed
            urllib3.exceptions.ProtocolError: ("Connection broken: InvalidChunkLength(got length b'', 0 bytes read)") => Python: invalid-chunk-size
            httpx.RemoteProtocolError: multiple Transfer-Encoding headers => Python: duplicate-transfer-encoding
            haproxy[123]: 10.0.0.1:3434 [01/Jan/2024:10:00:00.123] http-in app/srv1 0/0/1/-1/3 502 209 - - PH-- 1/1/0/0/0 0/0 "GET /wrong HTTP/1.1" => HAProxy: invalid-response-head
            SH-- => HAProxy: app-closed
            AH01102: error reading status line from remote server app:8080 => Apache httpd: app-closed
            """)
    void wordsOfOthersNameTheirCauses(String line, String speakerAndCause) {
        assertThat(ScrapReader.read(line))
                .hasValueSatisfying(scrap -> assertThat(
                                scrap.speaker() + ": " + scrap.causes().getFirst())
                        .isEqualTo(speakerAndCause));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
            unsupported transfer encoding => unsupported transfer encoding
            http/1.1 protocol error: HPE_INVALID_HEADER_TOKEN => HPE_INVALID_HEADER_TOKEN
            HPE_INVALID_CONTENT_LENGTH => HPE_INVALID_CONTENT_LENGTH
            protocol error: http/1.1 protocol error: transfer encoding not allowed in 1xx or 204 => transfer encoding not allowed in 1xx or 204
            INVALID_HEADER_FORMAT => INVALID_HEADER_FORMAT
            """)
    void theCodecsWordsAreKnownAlone(String line, String message) {
        assertThat(ScrapReader.read(line).flatMap(Scrap::refusal)).hasValue(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cluster.web.upstream_cx_protocol_error: 0",
                "cluster.web.upstream_rq_200: 12",
                "envoy_cluster_upstream_cx_connect_fail{cluster_name=\"web\"} 0",
                "StreamAggregatedResources gRPC config stream closed: 13,",
            })
    void whatTellsOfNoFailureIsKnownToo(String line) {
        assertThat(ScrapReader.read(line))
                .hasValueSatisfying(scrap -> assertThat(scrap.failed()).isFalse());
    }

    @Test
    void aRedirectByTheBalancerDidNotComeThrough() {
        assertThat(ScrapReader.read(
                                "https 2025-03-11T09:14:55.186641Z app/lb/50dc6c 192.168.131.39:2817 - -1 -1 -1 301 - 34"
                                        + " 366 \"GET https://www.example.com:443/ HTTP/1.1\" \"curl/7.46.0\"")
                        .map(Scrap::says))
                .hasValue("the balancer answered it itself");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello world, nothing here",
                "This is a line with DO and NR words in it",
                "GET /index.html 200 OK",
                "2024-01-01 10:00:00 INFO Started Application in 3.2 seconds",
                "at java.base/java.lang.Thread.run(Thread.java:1583)",
                "the UC Berkeley campus",
                "cache synced, 3 stale entries removed",
                "status: 502",
            })
    void otherTextSaysNothing(String line) {
        assertThat(ScrapReader.read(line)).isEmpty();
    }

    @Test
    void aLongLineIsReadInBoundedTime() {
        for (var piece : new String[] {"cluster.", "upstream_reset_", " ", "503 U", "\\\"", "<", "curl: (", "* x"}) {
            assertThat(ScrapReader.read(piece.repeat(20_000))).isNotNull();
        }
        var brackets = "upstream connect error or disconnect/reset before headers. reset reason: overflow "
                + ")".repeat(8_000) + "x";
        assertTimeout(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 2_000; i++) {
                assertThat(ScrapReader.read(brackets)).isPresent();
            }
        });
    }
}
