// SPDX-License-Identifier: Apache-2.0
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import upstreamreset.envoy.EnvoyBootstrap;
import upstreamreset.envoy.EnvoyProcess;
import upstreamreset.envoy.Sidecar;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.scenario.ConfigEdit;

/** As a DestinationRule has it: what Envoy keeps open for later requests is no leak of the app's, and is gone before we count. */
final String IDLE_TIMEOUT = """
        {"typedExtensionProtocolOptions": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
          "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
          "commonHttpProtocolOptions": {"idleTimeout": "10s"}, "explicitHttpConfig": {"httpProtocolOptions": {}}}}}""";

/** A real Envoy as the sidecar of the app on this port of loopback, and nothing between the two; prints its port, and runs until it is ended. */
void main(String... arguments) throws Exception {
    var app = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(arguments[0]));
    var sidecar = new Sidecar(
            Sidecar.INBOUND, new Sidecar.App(app), List.of(new ConfigEdit(ConfigEdit.Part.CLUSTER, IDLE_TIMEOUT)));
    try (var envoy = EnvoyProcess.start(EnvoyBinary.find(null, _ -> {}), new EnvoyBootstrap(List.of(sidecar)))) {
        IO.println(envoy.inbound().getPort());
        new CountDownLatch(1).await();
    }
}
