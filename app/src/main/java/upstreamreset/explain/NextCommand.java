// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.Side;
import upstreamreset.output.ShellWord;
import upstreamreset.wire.Secrets;

/**
 * The commands to run next for one request, safe to paste: every value from the log is quoted, and a value that neither
 * the log nor {@code place} gives is a word in capitals.
 */
record NextCommand(Hop hop, Place place) {
    /** {@code outbound|8080||web.default.svc.cluster.local}; in a server name {@code _.} stands for the bar. */
    private static final Pattern CLUSTER =
            Pattern.compile("[a-z-]{1,20}\\|(\\d{1,5})\\|[^|]*\\|([A-Za-z0-9.-]{1,253})");

    private static final Pattern INBOUND = Pattern.compile("inbound\\|(\\d{1,5})\\|");
    private static final Pattern SERVICE = Pattern.compile("([a-z0-9-]{1,63})\\.([a-z0-9-]{1,63})\\.svc(?:\\..*)?");

    private static final String NAMESPACE = "NAMESPACE";
    private static final String POD = "POD";
    private static final String PORT = "PORT";

    static final String ZTUNNEL_LOGS = "kubectl -n istio-system logs -l app=ztunnel --tail=-1 --prefix";

    /** Before the loggers whose level a command of the catalogue raises. */
    private static final String LOG = "log ";

    /** Before the counters for which a command of the catalogue asks. */
    private static final String STATS = "stats ";

    /** Free on most machines; where it is not, port-forward ends and nothing is asked. */
    private static final int LOCAL_PORT = 18080;

    private static final int HTTPS = 443;

    /** Past the sidecar: port-forward enters the Pod behind it. Who may only do that can run it. */
    String probe() {
        var method = hop.entry()
                .text(LogField.METHOD)
                .filter(each -> !each.equals("GET"))
                .map(each -> " -X " + quoted(each))
                .orElse("");
        var outside = outside();
        if (outside.isPresent()) {
            return "upstream-reset probe" + method + " " + quoted(outside.get() + path());
        }
        return isPlaceKnown()
                ? "upstream-reset diagnose " + appPlace() + method + " " + quoted(path())
                : "kubectl -n " + namespace() + " port-forward " + target()
                        + " >/dev/null & sleep 3; kill -0 $! && upstream-reset probe" + method + " "
                        + quoted("http://127.0.0.1:" + LOCAL_PORT + path()) + "; kill $!";
    }

    /** Whether the app's Pod is known by name: then our own commands go there. */
    private boolean isPlaceKnown() {
        return !appPod().equals(POD) && !namespace().equals(NAMESPACE);
    }

    /** {@code -n shop pod/cart-0 --port 8080}. */
    private String appPlace() {
        return "-n " + namespace() + " pod/" + quoted(appPod()) + (port().equals(PORT) ? "" : " --port " + port());
    }

    /** The container's name is quiet, {@code -i} attaches, and tcpdump begins when that is done, and ends. */
    String capture() {
        return isPlaceKnown()
                ? "upstream-reset capture " + appPlace()
                : "kubectl -n " + namespace() + " debug -i -q " + quoted(appPod())
                        + " -c tcpdump-$(date +%s) --image=docker.io/nicolaka/netshoot:v0.14 --profile=netadmin"
                        + " -- sh -c 'sleep 5; timeout 60 tcpdump -i lo -s 0 -U -w - tcp port " + port()
                        + "' > app.pcap; upstream-reset inspect app.pcap";
    }

    /** Says what the codec refuses. */
    String codecLog() {
        return level("client,http2");
    }

    /** The proxy's own log tells more from then on; the level is set live and goes back with the Pod. */
    private String level(String loggers) {
        return admin("POST", "logging?paths=" + loggers.replace(",", ":debug,") + ":debug");
    }

    private String admin(String method, String path) {
        return "kubectl -n " + proxyNamespace() + " exec " + pod() + " -c istio-proxy -- pilot-agent request " + method
                + " '" + path + "'";
    }

    /** The log of each container of the app. */
    private String appLog() {
        return "kubectl -n " + namespace() + " logs " + quoted(appPod()) + " --all-containers --since=10m --timestamps";
    }

    String otherHop() {
        var id = hop.entry().text(LogField.REQUEST_ID);
        return "kubectl -n " + namespace() + " logs SERVER-POD -c istio-proxy"
                + id.map(NextCommand::grep).orElse("") + " | upstream-reset explain";
    }

    /** The command that the catalogue names. */
    String named(String name) {
        return switch (name) {
            case "probe" -> probe();
            case "capture" -> capture();
            case "codec-log" -> codecLog();
            case "other-hop" -> otherHop();
            case "previous-log" -> previousLog();
            case "app-log" -> appLog();
            case "describe" -> describe();
            case "proxy-status" -> "istioctl proxy-status";
            case "ztunnel-logs" -> ZTUNNEL_LOGS + " | upstream-reset explain";
            default ->
                name.startsWith(LOG)
                        ? level(name.substring(LOG.length()))
                        : name.startsWith(STATS)
                                ? admin("GET", "stats?usedonly&filter=" + name.substring(STATS.length()))
                                : proxyConfig(name);
        };
    }

    String proxyConfig(String what) {
        return "istioctl proxy-config " + what + " " + pod() + " -n " + proxyNamespace();
    }

    /** Also says how the containers ended. */
    String previousLog() {
        return "kubectl -n " + namespace() + " describe pod " + quoted(appPod()) + "; kubectl -n " + namespace()
                + " logs " + quoted(appPod()) + " --all-containers --previous --timestamps";
    }

    String describe() {
        return "istioctl experimental describe pod " + quoted(appPod()) + " -n " + namespace();
    }

    /** Of the proxy that logged the line. */
    private String pod() {
        return quoted(!hop.source().isEmpty() ? hop.source() : given(place.pod(), POD));
    }

    /** The app's Pod is the one that logged the line only where its own sidecar did. */
    private String appPod() {
        return isApps() ? given(hop.source().isEmpty() ? place.pod() : hop.source(), POD) : POD;
    }

    private boolean isApps() {
        return hop.side() == Side.SERVER || hop.side() == Side.UNKNOWN;
    }

    private static String given(String value, String placeholder) {
        return value.isEmpty() ? placeholder : value;
    }

    private Optional<Matcher> cluster() {
        return hop.entry()
                .text(LogField.UPSTREAM_CLUSTER)
                .map(CLUSTER::matcher)
                .filter(Matcher::matches)
                .or(() -> hop.entry()
                        .text(LogField.REQUESTED_SERVER_NAME)
                        .map(name -> CLUSTER.matcher(name.replace("_.", "|")))
                        .filter(Matcher::matches));
    }

    private Optional<Matcher> service() {
        return cluster().map(found -> SERVICE.matcher(found.group(2))).filter(Matcher::matches);
    }

    /** Of the app. */
    private String namespace() {
        return quoted(service()
                .map(found -> found.group(2))
                .orElseGet(() -> isApps() ? ownNamespace() : given(place.namespace(), NAMESPACE)));
    }

    /** Of the proxy that logged the line: a client's sidecar can be in any. */
    private String proxyNamespace() {
        return hop.side() == Side.CLIENT ? quoted(ownNamespace()) : namespace();
    }

    private String ownNamespace() {
        return !hop.namespace().isEmpty() ? hop.namespace() : given(place.namespace(), NAMESPACE);
    }

    /** A host that is not a Service of the cluster is asked directly. */
    private Optional<String> outside() {
        return cluster()
                .filter(found -> hop.side() == Side.CLIENT && service().isEmpty())
                .map(found -> {
                    int port = Integer.parseInt(found.group(1));
                    return (port == HTTPS ? "https://" : "http://") + found.group(2) + ":" + port;
                });
    }

    /** The Pod at the app's port; where only the Service is known, that at its own port. */
    private String target() {
        var pod = appPod();
        var service = service();
        return service.isPresent() && pod.equals(POD)
                ? "svc/" + service.get().group(1) + " " + LOCAL_PORT + ":"
                        + cluster().orElseThrow().group(1)
                : "pod/" + quoted(pod) + " " + LOCAL_PORT + ":" + port();
    }

    private String port() {
        var host = hop.entry().text(LogField.UPSTREAM_HOST).orElse("");
        var port = host.substring(host.lastIndexOf(':') + 1);
        if (host.indexOf(':') > 0 && port.matches("\\d{1,5}")) {
            return port;
        }
        // Of the app's own sidecar; another's cluster has the Service's port.
        var inbound =
                INBOUND.matcher(hop.entry().text(LogField.UPSTREAM_CLUSTER).orElse(""));
        return inbound.lookingAt() ? inbound.group(1) : PORT;
    }

    private String path() {
        return hop.entry()
                .text(LogField.PATH)
                .filter(path -> path.startsWith("/"))
                .map(Secrets::queries)
                .orElse("/");
    }

    /** A filter for the lines that contain {@code text}. */
    static String grep(String text) {
        return " | grep -F -- " + quoted(text);
    }

    private static String quoted(String text) {
        return ShellWord.quoted(text);
    }
}
