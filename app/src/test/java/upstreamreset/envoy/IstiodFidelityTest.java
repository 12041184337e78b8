// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds what we run to what a real istiod pushed (the dumps among the test resources), field by field. Each difference stands
 * here with its reason; one that is missing, added or other than it says fails.
 */
class IstiodFidelityTest {
    private static final String CHAIN = "/filterChains/0/filters/0/typedConfig";
    private static final InetSocketAddress APP = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 18080);

    /** From istiod's value to ours, as JSON; {@link #NONE} where there is none. */
    private record Change(String istiods, String ours) {}

    private static final String NONE = "(none)";

    @Test
    void theInboundListenerIsIstiods() throws Exception {
        var istiods = pushedListener("virtualInbound");
        var chains = istiods.withArray("filterChains");
        for (int i = chains.size() - 1; i >= 0; i--) {
            if (!isPlaintext8080(chains.get(i))) {
                // TLS needs istiod's certificates; the others are for other ports, and send to the original
                // destination.
                chains.remove(i);
            }
        }

        var expected = new TreeMap<String, Change>();
        loopback(expected, "15006");
        // The chain must match the free port, whichever it is.
        expected.put("/filterChains/0/filterChainMatch/destinationPort", new Change("8080", NONE));
        // istiod's way to say "not on 8080, nor on 15006": the free port is neither.
        for (int i = 0; i < 2; i++) {
            var range = "/listenerFilters/2/filterDisabled/orMatch/rules/" + i + "/destinationPortRange/";
            expected.put(range + "start", new Change(i == 0 ? "8080" : "15006", NONE));
            expected.put(range + "end", new Change(i == 0 ? "8081" : "15007", NONE));
        }
        expected.put("/listenerFilters/2/filterDisabled/anyMatch", new Change(NONE, "true"));

        assertThat(changes(istiods, ours(0).required("listeners").required(0))).isEqualTo(expected);
    }

    @Test
    void theInboundClusterIsIstiods() throws Exception {
        var expected = new TreeMap<String, Change>();
        // Nothing is redirected: there is no original destination.
        expected.put("/type", new Change("\"ORIGINAL_DST\"", "\"STATIC\""));
        expected.put("/cleanupInterval", new Change("\"9223372035s\"", NONE));
        expected.put("/lbPolicy", new Change("\"CLUSTER_PROVIDED\"", NONE));
        expected.put("/loadAssignment/clusterName", new Change(NONE, "\"inbound|8080||\""));
        var address = "/loadAssignment/endpoints/0/lbEndpoints/0/endpoint/address/socketAddress/";
        expected.put(address + "address", new Change(NONE, "\"127.0.0.1\""));
        expected.put(address + "portValue", new Change(NONE, "18080"));
        if (!System.getProperty("os.name").startsWith("Linux")) {
            // Only Linux has all of 127.0.0.0/8 up.
            expected.put("/upstreamBindConfig/sourceAddress/address", new Change("\"127.0.0.6\"", NONE));
            expected.put("/upstreamBindConfig/sourceAddress/portValue", new Change("0", NONE));
        }

        assertThat(changes(
                        pushedCluster("inbound|8080||"),
                        ours(0).required("clusters").required(0)))
                .isEqualTo(expected);
    }

    @Test
    void theOutboundListenerIsIstiodsWithItsRoutesInline() throws Exception {
        var dump = outboundDump();
        var istiods = (ObjectNode) dump.required("listeners").required("0.0.0.0_8080");
        // For what is not HTTP, to the original destination: nothing is redirected here.
        istiods.remove("defaultFilterChain");
        // Filters that only Istio's build of Envoy has.
        var filters = istiods.at(CHAIN).withArray("httpFilters");
        for (int i = filters.size() - 1; i >= 0; i--) {
            if (filters.get(i).required("name").asString().startsWith("istio.")) {
                filters.remove(i);
            }
        }
        // The routes that RDS would serve.
        var manager = (ObjectNode) istiods.at(CHAIN);
        manager.set("routeConfig", dump.required("routes").required("8080"));

        var expected = new TreeMap<String, Change>();
        loopback(expected, "8080");
        expected.put("/bindToPort", new Change("false", NONE));
        expected.put(CHAIN + "/rds/routeConfigName", new Change("\"8080\"", NONE));
        expected.put(CHAIN + "/rds/configSource/ads", new Change("{}", NONE));
        expected.put(CHAIN + "/rds/configSource/initialFetchTimeout", new Change("\"0s\"", NONE));
        expected.put(CHAIN + "/rds/configSource/resourceApiVersion", new Change("\"V3\"", NONE));

        assertThat(changes(istiods, ours(1).required("listeners").required(1))).isEqualTo(expected);
    }

    @Test
    void theOutboundClusterIsIstiodsWithoutMutualTls() throws Exception {
        var istiods = (ObjectNode)
                outboundDump().required("clusters").required("outbound_8080__http-chunked.default.svc.cluster.local");
        // TLS needs istiod's certificates; plaintext is the second match.
        istiods.withArray("transportSocketMatches").remove(0);
        // A filter that only Istio's build of Envoy has.
        istiods.remove("filters");

        var expected = new TreeMap<String, Change>();
        // The endpoint comes from a file instead of istiod.
        expected.put("/edsClusterConfig/edsConfig/ads", new Change("{}", NONE));
        expected.put(
                "/edsClusterConfig/edsConfig/pathConfigSource/path", new Change(NONE, "\"/folder/endpoints-1.json\""));

        assertThat(changes(istiods, ours(1).required("clusters").required(1))).isEqualTo(expected);
    }

    @Test
    void theAccessLogIsInIstiosFormatOnStandardOutput() throws Exception {
        var format = "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" %RESPONSE_CODE%"
                + " %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS%"
                + " \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\" %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
                + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\""
                + " \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER_RAW%"
                + " %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS%"
                + " %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n";
        for (var listener : ours(1).required("listeners")) {
            var log = listener.at(CHAIN + "/accessLog/0/typedConfig");
            assertThat(log.required("path").asString()).isEqualTo("/dev/stdout");
            assertThat(log.at("/logFormat/textFormatSource/inlineString").asString())
                    .isEqualTo(format);
        }
    }

    /** Several can run on one machine, and as anyone: a free port of loopback. */
    private static void loopback(Map<String, Change> expected, String port) {
        expected.put("/address/socketAddress/address", new Change("\"0.0.0.0\"", "\"127.0.0.1\""));
        expected.put("/address/socketAddress/portValue", new Change(port, "0"));
    }

    private static JsonNode ours(int clientSidecars) throws IOException {
        var sidecar = Sidecar.inbound(APP);
        return new EnvoyBootstrap(
                        clientSidecars == 0 ? List.of(sidecar) : List.of(sidecar, Sidecar.outbound(Sidecar.INBOUND)))
                .config(Path.of("/folder"))
                .required("staticResources");
    }

    private static boolean isPlaintext8080(JsonNode chain) {
        var match = chain.path("filterChainMatch");
        return match.path("destinationPort").asInt(0) == 8080
                && match.path("transportProtocol").asString("").equals("raw_buffer");
    }

    private static ObjectNode pushedListener(String name) throws IOException {
        return pushed("dynamicListeners", "/activeState/listener", name);
    }

    private static ObjectNode pushedCluster(String name) throws IOException {
        return pushed("dynamicActiveClusters", "/cluster", name);
    }

    private static ObjectNode pushed(String list, String at, String name) throws IOException {
        for (var config :
                dump("sidecar-http-chunked-0.stock-envoy.config_dump.json").required("configs")) {
            for (var each : config.path(list)) {
                if (each.at(at + "/name").asString("").equals(name)) {
                    var found = (ObjectNode) each.at(at);
                    // The dump wraps each resource in an Any.
                    found.remove("@type");
                    return found;
                }
            }
        }
        throw new AssertionError("not in the dump: " + name);
    }

    private static JsonNode outboundDump() throws IOException {
        return dump("sidecar-curl-0.outbound.json");
    }

    private static JsonNode dump(String name) throws IOException {
        try (var in = IstiodFidelityTest.class.getResourceAsStream(name)) {
            return JsonMapper.shared().readTree(in);
        }
    }

    private static Map<String, Change> changes(JsonNode istiods, JsonNode ours) {
        var left = leaves(istiods);
        var right = leaves(ours);
        var changes = new TreeMap<String, Change>();
        var paths = new ArrayList<>(left.keySet());
        paths.addAll(right.keySet());
        for (var path : paths) {
            var change = new Change(left.getOrDefault(path, NONE), right.getOrDefault(path, NONE));
            if (!change.istiods().equals(change.ours())) {
                changes.put(path, change);
            }
        }
        return changes;
    }

    private static Map<String, String> leaves(JsonNode node) {
        var leaves = new LinkedHashMap<String, String>();
        leaves("", node, leaves);
        return leaves;
    }

    /** Every scalar and every empty object or array, by its path. */
    private static void leaves(String path, JsonNode node, Map<String, String> into) {
        if (node.isContainer() && !node.isEmpty()) {
            if (node instanceof ObjectNode object) {
                object.properties().forEach(field -> leaves(path + "/" + field.getKey(), field.getValue(), into));
            } else {
                for (int i = 0; i < node.size(); i++) {
                    leaves(path + "/" + i, node.get(i), into);
                }
            }
        } else {
            into.put(path, node.toString());
        }
    }
}
