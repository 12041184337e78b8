// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.List;
import java.util.Optional;
import upstreamreset.pod.ClientTls;

/** Decides whether the mesh's clients can reach the app by what a DestinationRule tells them: what they begin with may be what nobody takes. */
record ClientsDiffer(Look look, PastSidecar past) {
    private static final String ID = "tls-modes-differ";

    Optional<Conclusion> conclude() {
        // ztunnel, on the client's side, reads no DestinationRule.
        return look.pod().ambient()
                ? Optional.empty()
                : look.policies().clients().flatMap(this::conclude);
    }

    private Optional<Conclusion> conclude(ClientTls clients) {
        if (look.strict()) {
            // What has certificates of its own may have the mesh's.
            return clients.ofMesh() || clients.mode().equals("MUTUAL")
                    ? Optional.empty()
                    : Optional.of(finding(begin(clients) + ", and " + (look.hasSidecar() ? "the sidecar" : "ztunnel")
                            + " takes mTLS alone (STRICT"
                            + look.policies().mtlsBy().map(each -> ", " + each).orElse("") + ")"));
        }
        boolean nobodyTakes = clients.ofMesh() ? !look.hasSidecar() : clients.encrypted() && speaksPlain();
        if (!nobodyTakes) {
            return Optional.empty();
        }
        return Optional.of(finding(begin(clients)
                + (clients.ofMesh()
                        ? ", and the Pod has no sidecar that takes it"
                        : ", and the app speaks plain text")));
    }

    private boolean speaksPlain() {
        return past instanceof PastSidecar.Answered(var answer, var _)
                && answer.judged().getFirst().status() > 0;
    }

    private static String begin(ClientTls clients) {
        var what = clients.ofMesh() ? "mTLS" : clients.encrypted() ? "TLS of their own" : "plain text";
        return "clients in the mesh are told to begin with " + what + " (" + clients.text() + ")";
    }

    private static Conclusion finding(String sentence) {
        return Conclusion.finding(
                ID,
                sentence,
                "a DestinationRule decides what the clients send, and the PeerAuthentication and the sidecar what is taken",
                "Remove tls.mode from the DestinationRule: Istio then begins mTLS where a sidecar takes it, and plain text elsewhere.",
                List.of());
    }
}
