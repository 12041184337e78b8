// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.regex.Pattern;
import upstreamreset.accesslog.LogField;

/** The commands to run next for one request, fit for pasting: whatever the log says is quoted. */
record NextCommand(Hop hop) {
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    String probe() {
        return "upstream-reset probe " + quoted("http://" + upstream() + path());
    }

    String capture() {
        return "kubectl debug " + pod() + " --image=IMAGE-WITH-TCPDUMP --profile=netadmin -- tcpdump -i lo -w - port "
                + port() + " > app.pcap; upstream-reset inspect app.pcap";
    }

    /** Says what the codec refuses; the level is set live and goes back with the Pod. */
    String codecLog() {
        return "kubectl exec " + pod() + " -c istio-proxy -- pilot-agent request POST 'logging?paths=client:debug'";
    }

    String otherHop() {
        var id = hop.entry().text(LogField.REQUEST_ID);
        return "kubectl logs SERVER-POD -c istio-proxy"
                + id.map(each -> " | grep -F -- " + quoted(each)).orElse("") + " | upstream-reset explain";
    }

    /** The command that a table names: {@code logs}, {@code describe}, or the part of a proxy's configuration. */
    String named(String name) {
        return switch (name) {
            case "logs" -> logs();
            case "describe" -> describe();
            default -> proxyConfig(name);
        };
    }

    String proxyConfig(String what) {
        return "istioctl proxy-config " + what + " " + pod();
    }

    String previousLog() {
        return "kubectl logs " + pod() + " --all-containers --previous --timestamps";
    }

    String describe() {
        return "istioctl experimental describe pod " + pod();
    }

    String logs() {
        return "kubectl logs " + pod() + " -c istio-proxy --timestamps";
    }

    private String pod() {
        return hop.source().isEmpty() ? "POD" : hop.source();
    }

    private String upstream() {
        return hop.entry()
                .text(LogField.UPSTREAM_HOST)
                .filter(host -> !host.contains("//"))
                .orElse("APP:8080");
    }

    private String port() {
        var host = upstream();
        var port = host.substring(host.lastIndexOf(':') + 1);
        return port.matches("\\d{1,5}") ? port : "8080";
    }

    private String path() {
        return hop.entry()
                .text(LogField.PATH)
                .filter(path -> path.startsWith("/"))
                .orElse("/");
    }

    private static String quoted(String text) {
        return HARMLESS.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
