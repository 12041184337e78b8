// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import upstreamreset.election.kubernetes.CandidateSetup;
import upstreamreset.server.Hostname;

/** What {@code serve} is told about the election beside it, and whether there is a cluster to have one in. */
final class ElectionSettings {
    private static final Path TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

    private enum Mode {
        AUTO,
        ON,
        OFF
    }

    private @Nullable String election;
    private @Nullable String leaseName;
    private @Nullable String leaseDuration;
    private @Nullable String renewalDeadline;
    private @Nullable String retryPeriod;
    private @Nullable String leaderService;
    private @Nullable String meshUrl;

    void addTo(Syntax syntax) {
        syntax.option("--election", "auto|on|off", String.class, value -> election = value)
                .description(
                        "Compete for the leadership: auto, where KUBECONFIG or a Pod's ServiceAccount names a cluster; on, also"
                                + " with ~/.kube/config. Environment: ELECTION. Default: auto.");
        syntax.option("--lease-name", "NAME", String.class, value -> leaseName = value)
                .description("Name of the Lease. Environment: LEASE_NAME. Default: http-chunked-leader.");
        syntax.option("--lease-duration", "TIME", String.class, value -> leaseDuration = value)
                .description("How long others wait before taking over an unrenewed Lease, whole seconds. Environment:"
                        + " LEASE_DURATION. Default: 15s.");
        syntax.option("--renewal-deadline", "TIME", String.class, value -> renewalDeadline = value)
                .description(
                        "How long a leader keeps working without a successful renewal. Environment: RENEWAL_DEADLINE."
                                + " Default: 10s.");
        syntax.option("--retry-period", "TIME", String.class, value -> retryPeriod = value)
                .description("How often the Lease is renewed. Environment: RETRY_PERIOD. Default: 5s.");
        syntax.option("--leader-service", "NAME", String.class, value -> leaderService = value)
                .description(
                        "The Service whose selector the leader points at its own Pod. Environment: LEADER_SERVICE. Default:"
                                + " http-chunked-leader.");
        syntax.option("--mesh-url", "URL", String.class, value -> meshUrl = value)
                .description(
                        "Where the leader requests /correct and /wrong. Environment: MESH_URL. Default: http://http-chunked:8080.");
    }

    /** Whether any of these was on the command line. */
    boolean given() {
        return Stream.of(election, leaseName, leaseDuration, renewalDeadline, retryPeriod, leaderService, meshUrl)
                .anyMatch(each -> each != null);
    }

    /** The candidate to be; empty where there is to be none, which is said once. */
    Optional<CandidateSetup> setup(Settings settings) {
        var mode = mode(settings.text("--election", election).orElse("auto"));
        if (mode == Mode.OFF) {
            return Optional.empty();
        }
        var setup = candidate(settings);
        if (cluster(mode, settings)) {
            return Optional.of(setup);
        }
        if (mode == Mode.ON) {
            throw new IllegalArgumentException("--election on: there is no cluster here: neither KUBECONFIG nor"
                    + " ~/.kube/config nor a Pod's ServiceAccount");
        }
        LoggerFactory.getLogger(ElectionSettings.class)
                .info("No cluster here, neither KUBECONFIG nor a Pod's ServiceAccount: serving without an election");
        return Optional.empty();
    }

    private static Mode mode(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "auto" -> Mode.AUTO;
            case "on" -> Mode.ON;
            case "off" -> Mode.OFF;
            default -> throw new IllegalArgumentException("--election expects auto, on or off, not '" + word + "'");
        };
    }

    private CandidateSetup candidate(Settings settings) {
        var environment = settings.environment();
        return new CandidateSetup(
                settings.time("--lease-duration", leaseDuration, Duration.ofSeconds(15)),
                settings.time("--renewal-deadline", renewalDeadline, Duration.ofSeconds(10)),
                settings.time("--retry-period", retryPeriod, Duration.ofSeconds(5)),
                settings.text("--lease-name", leaseName).orElse("http-chunked-leader"),
                settings.text("--leader-service", leaderService).orElse("http-chunked-leader"),
                Hostname.ours(),
                set(environment.get("POD_UID")),
                set(environment.get("POD_NAMESPACE")),
                url(settings.text("--mesh-url", meshUrl).orElse("http://http-chunked:8080")));
    }

    private static boolean cluster(Mode mode, Settings settings) {
        var environment = settings.environment();
        boolean pod = set(environment.get("KUBERNETES_SERVICE_HOST")).isPresent() && Files.isReadable(TOKEN);
        boolean home = mode == Mode.ON && Files.isReadable(Path.of(System.getProperty("user.home"), ".kube", "config"));
        return pod || home || set(environment.get("KUBECONFIG")).isPresent();
    }

    private static URI url(String text) {
        try {
            var url = URI.create(text.endsWith("/") ? text : text + "/");
            if (url.getHost() != null && "http".equals(url.getScheme())) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Told below, as any other.
        }
        throw new IllegalArgumentException(
                "--mesh-url expects a URL such as http://http-chunked:8080, not '" + text + "'");
    }

    private static Optional<String> set(@Nullable String value) {
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }
}
