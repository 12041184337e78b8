// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.LoggerFactory;
import upstreamreset.election.ElectionOptions;
import upstreamreset.election.kubernetes.CandidateSetup;
import upstreamreset.kubernetes.KubeConfig;
import upstreamreset.server.Hostname;

/** The election settings of {@code serve}, and whether there is a cluster for an election. */
final class ElectionSettings {
    private static final Path TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

    private final Settings settings = new Settings(System.getenv());

    void addTo(Syntax syntax) {
        settings.option(
                syntax,
                "--election",
                "auto|on|off",
                "auto",
                "Compete for leadership: auto, if KUBECONFIG or a Pod's ServiceAccount names a cluster; on, also with"
                        + " ~/.kube/config.");
        settings.option(syntax, "--lease-name", "NAME", "http-chunked-leader", "Name of the Lease.");
        settings.option(
                syntax,
                "--lease-duration",
                "TIME",
                "15s",
                "How long others wait before taking over an unrenewed Lease, whole seconds.");
        settings.option(
                syntax,
                "--renewal-deadline",
                "TIME",
                "10s",
                "How long a leader keeps working without a successful renewal.");
        settings.option(syntax, "--retry-period", "TIME", "5s", "How often the Lease is renewed.");
        settings.option(
                syntax,
                "--leader-service",
                "NAME",
                "http-chunked-leader",
                "The Service whose selector the leader points at its own Pod.");
        settings.option(
                syntax,
                "--mesh-url",
                "URL",
                "http://http-chunked:8080",
                "Where the leader requests /correct and /wrong.");
    }

    /** Whether any of these was on the command line. */
    boolean given() {
        return settings.given();
    }

    /** The future candidate; empty if there will be none, which is logged once. */
    Optional<CandidateSetup> setup() {
        var word = settings.text("--election");
        var mode = word.toLowerCase(Locale.ROOT);
        if (!List.of("auto", "on", "off").contains(mode)) {
            throw new IllegalArgumentException("--election expects auto, on or off, not '" + word + "'");
        }
        if (mode.equals("off")) {
            return Optional.empty();
        }
        var setup = candidate();
        boolean on = mode.equals("on");
        if (cluster(on)) {
            return Optional.of(setup);
        }
        if (on) {
            throw new IllegalArgumentException("--election on: there is no cluster here: neither KUBECONFIG nor"
                    + " ~/.kube/config nor a Pod's ServiceAccount");
        }
        LoggerFactory.getLogger(ElectionSettings.class)
                .info("No cluster here, neither KUBECONFIG nor a Pod's ServiceAccount: serving without an election");
        return Optional.empty();
    }

    private CandidateSetup candidate() {
        var namespace = settings.variable("POD_NAMESPACE");
        var podUid = settings.variable("POD_UID");
        var options = new ElectionOptions(
                settings.time("--lease-duration"),
                settings.time("--renewal-deadline"),
                settings.time("--retry-period"),
                namespace.orElse("default"),
                settings.text("--lease-name"),
                Hostname.ours() + "_" + podUid.orElseGet(() -> UUID.randomUUID().toString()));
        var mesh = url(settings.text("--mesh-url"));
        return new CandidateSetup(
                options, namespace.isPresent(), settings.text("--leader-service"), podUid.isPresent(), mesh);
    }

    private boolean cluster(boolean alsoHome) {
        boolean pod = settings.variable("KUBERNETES_SERVICE_HOST").isPresent() && Files.isReadable(TOKEN);
        boolean home = alsoHome && Files.isReadable(Path.of(System.getProperty("user.home"), ".kube", "config"));
        var wrong = KubeConfig.unreadable(settings.variable("KUBECONFIG"));
        if (wrong.isPresent() && !pod) {
            throw new IllegalArgumentException(wrong.get());
        }
        return pod || home || settings.variable("KUBECONFIG").isPresent();
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
}
