// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Envoy's response flags, each with one sentence; {@code VocabularyTest} checks the names against Envoy's
 * documentation.
 */
public enum ResponseFlag {
    LH("FailedLocalHealthCheck", "this proxy's own health check failed"),
    UH("NoHealthyUpstream", "the cluster has no healthy endpoint, so no upstream was asked"),
    UT("UpstreamRequestTimeout", "the upstream did not answer within the route's timeout"),
    LR("LocalReset", "this proxy itself reset the connection to the upstream"),
    UR("UpstreamRemoteReset", "the upstream reset the stream"),
    UF("UpstreamConnectionFailure", "no connection to the upstream could be made"),
    UC(
            "UpstreamConnectionTermination",
            "the upstream closed or reset the connection; before it sent a single byte, unless a response had started"),
    UO("UpstreamOverflow", "a circuit breaker is open; the upstream was not asked"),
    NR("NoRouteFound", "no route, or no filter chain, matches the request"),
    DI("DelayInjected", "a delay was injected on purpose"),
    FI("FaultInjected", "an abort was injected on purpose"),
    RL("RateLimited", "a rate limit refused the request"),
    UAEX("UnauthorizedExternalService", "the external authorization service refused the request"),
    RLSE("RateLimitServiceError", "the rate limit service itself failed"),
    DC("DownstreamConnectionTermination", "the client's connection ended first"),
    URX("UpstreamRetryLimitExceeded", "the retries are used up; the other flag describes the last attempt"),
    SI("StreamIdleTimeout", "the stream was idle for its idle timeout"),
    IH("InvalidEnvoyRequestHeaders", "an x-envoy-* request header has a value that strict checking refuses"),
    DPE("DownstreamProtocolError", "the client broke HTTP"),
    UMSDR("UpstreamMaxStreamDurationReached", "the stream exceeded its maximum duration"),
    RFCF("ResponseFromCacheFilter", "the cache filter answered"),
    NFCF("NoFilterConfigFound", "a filter's configuration did not arrive in time"),
    DT("DurationTimeout", "the request or its connection exceeded the downstream duration limit"),
    UPE("UpstreamProtocolError", "the upstream's response broke HTTP, so the proxy cut it off"),
    NC("NoClusterFound", "the route names a cluster that this proxy does not have"),
    OM("OverloadManagerTerminated", "the proxy's overload manager ended the request"),
    DF("DnsResolutionFailed", "the upstream's name could not be resolved"),
    DO("DropOverload", "the request was dropped to shed load"),
    DR("DownstreamRemoteReset", "the client reset its stream"),
    UDO("UnconditionalDropOverload", "all requests are being dropped to shed load");

    private static final Map<String, ResponseFlag> BY_NAME = Arrays.stream(values())
            .flatMap(flag -> Stream.of(Map.entry(flag.name(), flag), Map.entry(flag.longName, flag)))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    /** Those with which the request did not reach the upstream. */
    private static final Set<ResponseFlag> BEFORE_UPSTREAM =
            EnumSet.of(UF, UO, UH, NR, NC, DPE, RL, UAEX, FI, LH, IH, DO, UDO, DF, NFCF, RFCF, RLSE);

    private final String longName;
    private final String sentence;

    ResponseFlag(String longName, String sentence) {
        this.longName = longName;
        this.sentence = sentence;
    }

    /** The name that {@code %RESPONSE_FLAGS_LONG%} prints. */
    public String longName() {
        return longName;
    }

    /** The meaning of the flag, without a full stop. */
    public String sentence() {
        return sentence;
    }

    /** Whether the proxy answered before the request reached the upstream. */
    public boolean beforeUpstream() {
        return BEFORE_UPSTREAM.contains(this);
    }

    /** The flag of a short or long name; empty for one that is not Envoy's (a filter can register its own). */
    public static Optional<ResponseFlag> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
