// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.List;
import java.util.Optional;

/** Says in one sentence what was seen to be well, where nothing was found, and whether that is all that matters. */
record NothingFound(
        Look look,
        Question question,
        SidecarLog log,
        Optional<AmbientLog> ambient,
        PastSidecar past,
        ThroughSidecar through) {
    Conclusion conclude() {
        if (question.path().isEmpty()) {
            return byLogs();
        }
        boolean answered = past instanceof PastSidecar.Answered;
        if (answered && through instanceof ThroughSidecar.Answered answer) {
            // What fails through the sidecar alone, and not by it, is not explained.
            boolean unexplained = there(answer) >= 500 && question.withheld().isEmpty();
            return Conclusion.nothing(both(answer), List.of(), unexplained || withheldLog());
        }
        if (answered) {
            // Where mTLS is demanded nobody could have asked more; its clients' requests are in the log.
            return Conclusion.nothing(
                    question.text() + " is answered " + well(status()) + alone(),
                    List.of(),
                    !look.strict() || withheldLog());
        }
        if (through instanceof ThroughSidecar.Answered answer) {
            return Conclusion.nothing(
                    question.text() + " is answered " + well(there(answer)) + " "
                            + (look.hasSidecar()
                                    ? "through the sidecar; past it"
                                    : "at the Pod's address; inside the Pod")
                            + " the app was not asked",
                    List.of(),
                    true);
        }
        return Conclusion.nothing("nothing is proven: " + question.text() + " could not be asked", List.of(), true);
    }

    private int status() {
        return past instanceof PastSidecar.Answered(var answer, var _)
                ? answer.judged().getFirst().status()
                : 0;
    }

    /** Whether the sidecar keeps a log that could not be read: what fails now and then may stand in it. */
    private boolean withheldLog() {
        return look.hasSidecar() && log.requests() == 0 && log.problem().isPresent() && !log.isOff();
    }

    private static String well(int status) {
        return status < 400 ? "well" : Integer.toString(status);
    }

    private String alone() {
        if (!look.hasSidecar()) {
            return " by the app";
        }
        return " past the sidecar; what the sidecar makes of it is the model's word";
    }

    private static int there(ThroughSidecar.Answered answer) {
        return answer.line().map(hop -> hop.exchange().status()).orElse(answer.status());
    }

    private String both(ThroughSidecar.Answered answer) {
        int here = status();
        int there = there(answer);
        var inside = look.hasSidecar() ? "past the sidecar" : "inside the Pod";
        var outside = look.hasSidecar() ? "through it" : "at the Pod's address";
        if (here == there) {
            return question.text() + " is answered " + well(here) + ", " + inside + " and " + outside;
        }
        var differing = question.text() + " is answered " + here + " " + inside + ", and " + there + " " + outside;
        if (!question.withheld().isEmpty()) {
            return differing + ", asked without " + String.join(", ", question.withheld());
        }
        return answer.refusedAsClient(question)
                ? differing + ": the mesh refuses the API server, which says nothing of its own clients"
                : differing;
    }

    private Conclusion byLogs() {
        if (ambient.isPresent() && log.requests() == 0) {
            return byTunnels(ambient.get());
        }
        boolean problems = log.problem().isPresent()
                || ambient.map(each -> !each.problems().isEmpty()).orElse(false);
        if (problems && log.requests() == 0) {
            return unread("no log to read");
        }
        return read(log.requests() == 0 ? "no request in the log" : "no failure in the log", problems);
    }

    private Conclusion byTunnels(AmbientLog tunnels) {
        boolean problems = !tunnels.problems().isEmpty()
                || (!tunnels.waypoints().isEmpty() && log.problem().isPresent());
        if (problems && tunnels.connections() == 0) {
            return unread("no log of ztunnel to read");
        }
        return read(
                tunnels.connections() == 0 ? "no connection in ztunnel's log" : "no failure in ztunnel's log",
                problems);
    }

    private Conclusion unread(String why) {
        return Conclusion.nothing(
                "nothing can be said: " + why + (hasApp() ? ", and no PATH to ask for" : ""), List.of(), true);
    }

    private Conclusion read(String what, boolean inPart) {
        return Conclusion.nothing(
                what + (inPart ? ", as far as it could be read" : "") + (hasApp() ? "; name a PATH to ask for it" : ""),
                List.of(),
                inPart);
    }

    private boolean hasApp() {
        return look.port().isPresent();
    }
}
