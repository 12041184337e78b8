// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.Side;

/** The commands to run next for one request, fit for pasting: whatever the log says is quoted. */
record NextCommand(Hop hop) {
    /** {@code outbound|8080||web.default.svc.cluster.local}, also with dots and underscores as in a server name. */
    private static final Pattern SERVICE = Pattern.compile("[|_.]([a-z0-9-]{1,63})\\.([a-z0-9-]{1,63})\\.svc(?:\\.|$)");

    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    /** Past the sidecar: port-forward enters the Pod behind it. Who may only do that can run it. */
    String probe() {
        var method = hop.entry().text(LogField.METHOD).filter(each -> !each.equals("GET"));
        return "kubectl -n " + namespace() + " port-forward " + target() + " 18080:" + port()
                + " >/dev/null & sleep 3; upstream-reset probe"
                + method.map(each -> " -X " + quoted(each)).orElse("")
                + " " + quoted("http://127.0.0.1:18080" + path()) + "; kill $!";
    }

    /** The container's name is quiet, {@code -i} attaches, {@code timeout} ends it. */
    String capture() {
        return "kubectl -n " + namespace() + " debug -i -q " + quoted(appPod())
                + " -c tcpdump-$(date +%s) --image=docker.io/nicolaka/netshoot:v0.14 --profile=netadmin"
                + " -- timeout 60 tcpdump -i lo -s 0 -U -w - tcp port " + port()
                + " > app.pcap; upstream-reset inspect app.pcap";
    }

    /** Says what the codec refuses; the level is set live and goes back with the Pod. */
    String codecLog() {
        return "kubectl -n " + namespace() + " exec " + pod()
                + " -c istio-proxy -- pilot-agent request POST 'logging?paths=client:debug,http2:debug'";
    }

    String otherHop() {
        var id = hop.entry().text(LogField.REQUEST_ID);
        return "kubectl -n " + namespace() + " logs SERVER-POD -c istio-proxy"
                + id.map(each -> " | grep -F -- " + quoted(each)).orElse("") + " | upstream-reset explain";
    }

    /** The command that the catalogue names. */
    String named(String name) {
        return switch (name) {
            case "probe" -> probe();
            case "capture" -> capture();
            case "codec-log" -> codecLog();
            case "other-hop" -> otherHop();
            case "previous-log" -> previousLog();
            case "logs" -> logs();
            case "describe" -> describe();
            case "proxy-status" -> "istioctl proxy-status";
            case "ztunnel-logs" ->
                "kubectl -n istio-system logs -l app=ztunnel --tail=-1 --prefix | upstream-reset explain";
            default -> proxyConfig(name);
        };
    }

    String proxyConfig(String what) {
        return "istioctl proxy-config " + what + " " + pod() + " -n " + namespace();
    }

    /** Also says how the containers ended. */
    String previousLog() {
        return "kubectl -n " + namespace() + " describe pod " + quoted(appPod()) + "; kubectl -n " + namespace()
                + " logs " + quoted(appPod()) + " --all-containers --previous --timestamps";
    }

    String describe() {
        return "istioctl experimental describe pod " + quoted(appPod()) + " -n " + namespace();
    }

    String logs() {
        return "kubectl -n " + namespace() + " logs " + pod() + " -c istio-proxy --timestamps";
    }

    /** Of the proxy that logged the line. */
    private String pod() {
        return hop.source().isEmpty() ? "POD" : quoted(hop.source());
    }

    /** The app's Pod is the one that logged the line only where its own sidecar did. */
    private String appPod() {
        boolean own = hop.side() == Side.SERVER || hop.side() == Side.UNKNOWN;
        return hop.source().isEmpty() || !own ? "POD" : hop.source();
    }

    private Optional<Matcher> service() {
        return hop.entry()
                .text(LogField.UPSTREAM_CLUSTER)
                .map(SERVICE::matcher)
                .filter(Matcher::find)
                .or(() -> hop.entry()
                        .text(LogField.REQUESTED_SERVER_NAME)
                        .map(SERVICE::matcher)
                        .filter(Matcher::find));
    }

    private String namespace() {
        return service().map(found -> found.group(2)).orElse("NAMESPACE");
    }

    private String target() {
        var pod = appPod();
        return "pod/" + quoted(pod);
    }

    private String port() {
        var host = hop.entry().text(LogField.UPSTREAM_HOST).orElse("");
        var port = host.substring(host.lastIndexOf(':') + 1);
        return host.indexOf(':') > 0 && port.matches("\\d{1,5}") ? port : "PORT";
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
