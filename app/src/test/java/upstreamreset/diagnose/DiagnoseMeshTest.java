// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the mesh's resources are for a Pod, as istiod decides it. */
class DiagnoseMeshTest extends DiagnoseFixture {
    private static final String SECURITY = "/apis/security.istio.io/v1/namespaces/";
    private static final String FILTERS = "/apis/networking.istio.io/v1alpha3/namespaces/%s/envoyfilters";

    private void items(String path, String namespace, String... specs) {
        var items = new StringBuilder();
        for (int i = 0; i < specs.length; i++) {
            items.append(i == 0 ? "" : ", ")
                    .append(("{\"metadata\": {\"name\": \"r%d\", \"namespace\": \"%s\","
                                    + " \"creationTimestamp\": \"2026-11-0%dT00:00:00Z\"}, \"spec\": %s}")
                            .formatted(i, namespace, 9 - i, specs[i]));
        }
        cluster.objects.put(path, "{\"items\": [" + items + "]}");
    }

    private void authentications(String namespace, String... specs) {
        items(SECURITY + namespace + "/peerauthentications", namespace, specs);
    }

    private void rules(String namespace, String... specs) {
        items("/apis/networking.istio.io/v1/namespaces/" + namespace + "/destinationrules", namespace, specs);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", textBlock = """
            -                                       | -                                                                                                   | mTLS PERMISSIVE
            {"mtls": {"mode": "STRICT"}}            | -                                                                                                   | mTLS STRICT (PeerAuthentication istio-system/r0)
            {"mtls": {"mode": "STRICT"}}            | {"mtls": {"mode": "UNSET"}}                                                                         | mTLS STRICT (PeerAuthentication istio-system/r0)
            {"mtls": {"mode": "STRICT"}}            | {"mtls": {"mode": "PERMISSIVE"}}                                                                    | mTLS PERMISSIVE (PeerAuthentication shop/r0)
            {"mtls": {"mode": "STRICT"}}            | {"selector": {"matchLabels": {"app": "cart"}}, "mtls": {"mode": "DISABLE"}}                         | mTLS DISABLE (PeerAuthentication shop/r0)
            {"mtls": {"mode": "STRICT"}}            | {"selector": {"matchLabels": {"app": "other"}}, "mtls": {"mode": "DISABLE"}}                        | mTLS STRICT (PeerAuthentication istio-system/r0)
            -                                       | {"selector": {"matchLabels": {"app": "cart"}}, "portLevelMtls": {"8080": {"mode": "STRICT"}}}       | mTLS STRICT (PeerAuthentication shop/r0)
            -                                       | {"selector": {"matchLabels": {"app": "cart"}}, "portLevelMtls": {"80": {"mode": "STRICT"}}}         | mTLS PERMISSIVE
            -                                       | {"selector": {"matchLabels": {"app": "cart"}}, "mtls": {"mode": "STRICT"}, "portLevelMtls": {"8080": {"mode": "UNSET"}}}   | mTLS STRICT (PeerAuthentication shop/r0)
            -                                       | {"selector": {"matchLabels": {"app": "cart"}}, "mtls": {"mode": "STRICT"}, "portLevelMtls": {"8080": {"mode": "DISABLE"}}} | mTLS DISABLE (PeerAuthentication shop/r0)
            {"selector": {"matchLabels": {"app": "cart"}}, "mtls": {"mode": "STRICT"}} | -                                                                | mTLS PERMISSIVE
            """)
    void theNarrowerPolicyOverrulesTheWiderOne(String mesh, String namespace, String said) throws IOException {
        if (mesh != null) {
            authentications("istio-system", mesh);
        }
        if (namespace != null) {
            authentications("shop", namespace);
        }

        assertThat(run().output().lines()).anyMatch(each -> each.endsWith(said));
    }

    @Test
    void ofTwoPoliciesOfOneRankTheOlderCounts() throws IOException {
        authentications("shop", "{\"mtls\": {\"mode\": \"STRICT\"}}", "{\"mtls\": {\"mode\": \"DISABLE\"}}");

        assertThat(run().output()).contains("mTLS DISABLE (PeerAuthentication shop/r1)");
    }

    @Test
    void anOlderMeshIsReadInItsOlderApi() throws IOException {
        cluster.absent.add("/apis/security.istio.io/v1/");
        items(
                "/apis/security.istio.io/v1beta1/namespaces/shop/peerauthentications",
                "shop",
                "{\"mtls\": {\"mode\": \"STRICT\"}}");

        assertThat(run().output()).contains("mTLS STRICT");
    }

    @Test
    void whatTheNamespaceSaysIsKnownWithoutTheMesh() throws IOException {
        cluster.forbidden.add("/istio-system/peerauthentications");
        assertThat(run().output()).doesNotContain("mTLS ");

        authentications("shop", "{\"mtls\": {\"mode\": \"STRICT\"}}");
        assertThat(run().output())
                .contains("mTLS STRICT", "not permitted in namespace istio-system: list peerauthentications");
    }

    @Test
    void aPolicyOfAnotherRevisionIsLeftOutAndNamed() throws IOException {
        cluster.objects.put(
                POD,
                cluster.pod()
                        .replace(
                                "\"labels\":",
                                "\"annotations\": {\"sidecar.istio.io/status\": \"{\\\"revision\\\": \\\"stable\\\"}\"}, \"labels\":"));
        cluster.objects.put(
                SECURITY + "shop/peerauthentications",
                "{\"items\": [{\"kind\": \"PeerAuthentication\", \"metadata\": {\"name\": \"p\", \"namespace\": \"shop\", \"labels\": {\"istio.io/rev\": \"canary\"}}, \"spec\": {\"mtls\": {\"mode\": \"STRICT\"}}}]}");

        assertThat(run().output())
                .contains(
                        "mTLS PERMISSIVE",
                        "PeerAuthentication shop/p is for revision canary, and the sidecar is of stable: left out");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', nullValues = "-", textBlock = """
            shop         | "host": "cart"                                     | DestinationRule shop/r0: idleTimeout 1s
            shop         | "host": "cart.shop.svc.cluster.local"              | DestinationRule shop/r0: idleTimeout 1s
            shop         | "host": "*.shop.svc.cluster.local"                 | DestinationRule shop/r0: idleTimeout 1s
            shop         | "host": "cart.shop"                                | -
            shop         | "host": "other"                                    | -
            istio-system | "host": "cart"                                     | -
            istio-system | "host": "*.local"                                  | DestinationRule istio-system/r0: idleTimeout 1s
            istio-system | "host": "cart.shop.svc.cluster.local"              | DestinationRule istio-system/r0: idleTimeout 1s
            istio-system | "host": "*", "exportTo": ["."]                     | -
            """)
    void aRuleIsForTheServiceThatItsHostNames(String namespace, String host, String said) throws IOException {
        rules(
                namespace,
                "{" + host + ", \"trafficPolicy\": {\"connectionPool\": {\"http\": {\"idleTimeout\": \"1s\"}}}}");

        var output = run().output();

        assertThat(output.contains("DestinationRule")).isEqualTo(said != null);
        assertThat(output).contains(said == null ? "" : "  " + said + "\n");
    }

    @Test
    void theNamespacesRuleComesBeforeTheMeshs() throws IOException {
        rules(
                "shop",
                "{\"host\": \"cart\", \"trafficPolicy\": {\"connectionPool\": {\"http\": {\"idleTimeout\": \"1s\"}}}}");
        rules(
                "istio-system",
                "{\"host\": \"*\", \"trafficPolicy\": {\"connectionPool\": {\"http\": {\"idleTimeout\": \"2s\"}}}}");

        assertThat(run().output()).contains("idleTimeout 1s").doesNotContain("idleTimeout 2s");
    }

    @Test
    void aPolicyForThePortStandsInThePlaceOfTheWholeOne() throws IOException {
        rules("shop", """
                {"host": "cart", "trafficPolicy": {"tls": {"mode": "SIMPLE"},
                 "portLevelSettings": [{"port": {"number": 80}, "connectionPool": {"http": {"maxRequestsPerConnection": 1}}},
                                       {"port": {"number": 81}, "tls": {"mode": "DISABLE"}}]}}""");

        assertThat(run("/x").output())
                .contains("DestinationRule shop/r0: maxRequestsPerConnection 1")
                .doesNotContain("tls.mode");
    }

    @Test
    void aSubsetOfThePodIsNamed() throws IOException {
        rules("shop", """
                {"host": "cart", "subsets": [
                 {"name": "v1", "labels": {"app": "cart"}, "trafficPolicy": {"tls": {"mode": "SIMPLE"}}},
                 {"name": "v2", "labels": {"app": "other"}, "trafficPolicy": {"tls": {"mode": "MUTUAL"}}}]}""");

        assertThat(run().output())
                .contains("DestinationRule shop/r0: subset v1: tls.mode SIMPLE")
                .doesNotContain("v2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", textBlock = """
            STRICT     | DISABLE      | begin with plain text (DestinationRule shop/r0: tls.mode DISABLE), and the sidecar takes mTLS alone (STRICT, PeerAuthentication shop/r0)
            STRICT     | SIMPLE       | begin with TLS of their own (DestinationRule shop/r0: tls.mode SIMPLE), and the sidecar takes mTLS alone
            STRICT     | ISTIO_MUTUAL | -
            PERMISSIVE | SIMPLE       | begin with TLS of their own (DestinationRule shop/r0: tls.mode SIMPLE), and the app speaks plain text
            PERMISSIVE | DISABLE      | -
            PERMISSIVE | ISTIO_MUTUAL | -
            """)
    void whatClientsBeginWithMustBeTaken(String authentication, String tls, String said) throws IOException {
        authentications("shop", "{\"mtls\": {\"mode\": \"" + authentication + "\"}}");
        rules("shop", "{\"host\": \"cart\", \"trafficPolicy\": {\"tls\": {\"mode\": \"" + tls + "\"}}}");

        var result = run("/x");

        assertThat(result.output().startsWith("tls-modes-differ: clients in the mesh are told to "))
                .isEqualTo(said != null);
        assertThat(result.output()).contains(said == null ? "" : said);
        assertThat(result.exitCode()).isEqualTo(said == null ? 0 : 1);
    }

    @Test
    void aRuleThatMayNotBeReadMayComeBeforeTheMeshs() throws IOException {
        rules("istio-system", "{\"host\": \"*.local\", \"trafficPolicy\": {\"tls\": {\"mode\": \"SIMPLE\"}}}");
        assertThat(run("/x").output()).startsWith("tls-modes-differ: ");

        cluster.forbidden.add("/shop/destinationrules");
        assertThat(run("/x").output())
                .startsWith("GET /x is answered well")
                .contains("not permitted in namespace shop: list destinationrules");
    }

    @Test
    void ofTwoRulesOfOneHostTheOldersPolicyCounts() throws IOException {
        rules(
                "shop",
                "{\"host\": \"cart\", \"trafficPolicy\": {\"tls\": {\"mode\": \"SIMPLE\"}}}",
                "{\"host\": \"cart\", \"trafficPolicy\": {\"connectionPool\": {\"http\": {\"idleTimeout\": \"1s\"}}}}");

        assertThat(run("/x").output()).startsWith("GET /x is answered well");
    }

    @Test
    void withoutSidecarNobodyTakesMtls() throws IOException {
        cluster.objects.put(POD, FakeCluster.pod(""));
        rules("shop", "{\"host\": \"cart\", \"trafficPolicy\": {\"tls\": {\"mode\": \"ISTIO_MUTUAL\"}}}");

        assertThat(run("/x").output())
                .startsWith(
                        "tls-modes-differ: clients in the mesh are told to begin with mTLS (DestinationRule shop/r0:"
                                + " tls.mode ISTIO_MUTUAL), and the Pod has no sidecar that takes it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            shop         | {}                                                                                                | true
            shop         | {"workloadSelector": {"labels": {"app": "cart"}}}                                                 | true
            shop         | {"workloadSelector": {"labels": {"app": "other"}}}                                                | false
            istio-system | {"workloadSelector": {"labels": {"app": "cart"}}}                                                 | true
            istio-system | {"workloadSelector": {"labels": {"istio": "ingressgateway"}}}                                     | false
            shop         | {"targetRefs": [{"kind": "Gateway", "name": "g"}]}                                                | false
            shop         | {"configPatches": [{"applyTo": "HTTP_FILTER", "match": {"context": "GATEWAY"}}]}                  | false
            shop         | {"configPatches": [{"match": {"context": "GATEWAY"}}, {"match": {"context": "SIDECAR_INBOUND"}}]} | true
            shop         | {"configPatches": [{"applyTo": "CLUSTER"}]}                                                       | true
            shop         | {"configPatches": [{"match": {"proxy": {"proxyVersion": "^1\\\\.29.*"}}}]}                        | false
            shop         | {"configPatches": [{"match": {"proxy": {"proxyVersion": "^1\\\\.30.*"}}}]}                        | true
            """)
    void aFilterIsForTheSidecarsThatItSelects(String namespace, String spec, boolean touches) throws IOException {
        items(FILTERS.formatted(namespace), namespace, spec);

        assertThat(run().output().contains("EnvoyFilter " + namespace + "/r0 changes its proxy's configuration"))
                .isEqualTo(touches);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 10.0.0.7, 10.0.0.7:8080, true",
        "/x, 10.0.0.7, 10.0.0.7:8080, true",
        "'', 10.0.0.7, 10.0.0.7:9090, false",
        "'', fd00::7, [fd00::7]:8080, true",
        "'', fd00::7, [fd00::7]:9090, false"
    })
    void plainTextThatStrictRefusedIsNamed(String path, String ip, String address, boolean named) throws IOException {
        cluster.objects.put(POD, cluster.pod().replace("10.0.0.7", ip));
        cluster.demandMtls();
        for (int i = 0; i < 2; i++) {
            cluster.log.add(
                    "[2026-11-29T12:00:00.000Z] \"- - -\" 0 NR filter_chain_not_found - \"-\" 0 0 0 - \"-\" \"-\" \"-\" \"-\" \"-\" - - %s 10.0.0.9:4000 - -"
                            .formatted(address));
        }

        var result = path.isEmpty() ? run() : run(path);

        assertThat(result.output()
                        .startsWith("mtls-required: the sidecar refused 2 connections, the last from 10.0.0.9: not the"
                                + " mesh's mTLS, and mTLS is STRICT (PeerAuthentication shop/p)"))
                .isEqualTo(named);
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void withoutSidecarAFilterChangesNothing() throws IOException {
        cluster.objects.put(POD, FakeCluster.pod(""));
        items(FILTERS.formatted("shop"), "shop", "{}");

        assertThat(run().output()).doesNotContain("EnvoyFilter");
    }
}
