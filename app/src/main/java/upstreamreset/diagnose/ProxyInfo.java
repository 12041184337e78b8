// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.output.JsonTree;
import upstreamreset.pod.EnvoyAdmin;

/**
 * The versions that a sidecar's Envoy reports.
 *
 * @param envoy {@code 1.40.0}; empty if unknown
 * @param istio {@code 1.30.8}; empty if unknown
 */
public record ProxyInfo(String envoy, String istio) {
    /** {@code 2bcb3f…/1.40.0/Clean/RELEASE/BoringSSL}, or with a suffix of a build. */
    private static final Pattern VERSION = Pattern.compile("[^/]*/(\\d+\\.\\d+\\.\\d+)[^/]*/.*");

    static Optional<ProxyInfo> ask(EnvoyAdmin admin) throws InterruptedException {
        try {
            var reply = admin.ask("GET", "/server_info");
            return reply.successful() ? Optional.of(parse(reply.text())) : Optional.empty();
        } catch (ApiException | IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    static ProxyInfo parse(String json) {
        var info = JsonTree.read(json);
        var istio = info.path("node").path("metadata").path("ISTIO_VERSION").asString("");
        var version = VERSION.matcher(info.path("version").asString(""));
        return new ProxyInfo(version.matches() ? version.group(1) : "", istio.matches("\\d.*") ? istio : "");
    }
}
