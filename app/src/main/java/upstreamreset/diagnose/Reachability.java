// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.ResponseFlag;

/** Decides whether the app's port takes connections, inside the Pod and at its address. */
record Reachability(Look look, PastSidecar past, ThroughSidecar through) {
    /** What Envoy says of a connection that failed, and was not refused: its errno, or that there was no answer. */
    private static final Pattern FAILED_OTHERWISE =
            Pattern.compile("timeout|delayed[_ ]connect[_ ]error:[_ ](?!111|Connection[_ ]refused)");

    Optional<Conclusion> conclude() {
        var port = look.port().map(each -> each.number()).orElse(0);
        if (past instanceof PastSidecar.Refused) {
            boolean throughWorks = through instanceof ThroughSidecar.Answered answer && !answer.failed();
            return throughWorks
                    ? Optional.empty()
                    : Optional.of(Conclusion.finding(
                            "port-refused",
                            "nothing listens on port %d in %s"
                                    .formatted(port, look.pod().text()),
                            "the app listens on another port, is still starting, or its listener has died",
                            "Let the Service's targetPort and the app's port be the same.",
                            List.of("kubectl -n %s logs %s --all-containers --tail=50"
                                    .formatted(
                                            look.pod().namespace(), look.pod().name()))));
        }
        boolean pastWorks = past instanceof PastSidecar.Answered;
        boolean refusedThere = switch (through) {
            case ThroughSidecar.NotReached none -> none.refused();
            case ThroughSidecar.Answered answer ->
                answer.line()
                                .filter(hop -> hop.exchange().has(ResponseFlag.UF))
                                .flatMap(hop -> hop.entry().text(LogField.RESPONSE_CODE_DETAILS))
                                .filter(details ->
                                        !FAILED_OTHERWISE.matcher(details).find())
                                .isPresent()
                        || saysRefused(answer);
            case ThroughSidecar.NotAsked _ -> false;
        };
        if (!pastWorks || !refusedThere) {
            return Optional.empty();
        }
        return Optional.of(Conclusion.finding(
                "listens-on-loopback-only",
                "the app listens on 127.0.0.1:%d only: inside the Pod it answers, at the Pod's address the connection is refused"
                        .formatted(port),
                "the server is bound to localhost; the sidecar, and everybody else, asks the Pod's address",
                "Bind the server to 0.0.0.0 (or ::) instead of 127.0.0.1 or localhost.",
                List.of()));
    }

    private static boolean saysRefused(ThroughSidecar.Answered answer) {
        return answer.resetReason()
                && answer.body().contains("remote connection failure")
                && !FAILED_OTHERWISE.matcher(answer.body()).find();
    }
}
