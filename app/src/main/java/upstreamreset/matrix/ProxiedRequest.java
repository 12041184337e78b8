// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import upstreamreset.http1.RawExchange;
import upstreamreset.http1.ResponseReader;
import upstreamreset.http1.Transport;
import upstreamreset.lab.ScenarioClient;
import upstreamreset.scenario.Scenario;

/** Makes a scenario's request through a proxy's Unix socket, and reads the last response by RFC 9112. */
final class ProxiedRequest {
    private static final String HTTP = "HTTP/";

    private ProxiedRequest() {}

    /** @throws IOException when the proxy does not take the connection */
    static ObservedResponse ask(Path socket, Scenario scenario, Duration patience)
            throws IOException, InterruptedException {
        var request = scenario.request();
        var bytes = request.onTheWire(scenario.path(), "http-chunked:8080");
        try (var client = new ScenarioClient(connect(socket), request, bytes, UntilNoHttp::new)) {
            var result = client.result(patience);
            var response = result.response();
            var words = noHttp(result.bytes().latin1()) ? "the response that it passes on has no head" : "";
            return new ObservedResponse(end(result), response.status(), response.body(), words);
        }
    }

    static Transport connect(Path socket) throws IOException {
        return Transport.of(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    private static ObservedResponse.End end(ScenarioClient.Result result) {
        if (result.timedOut()) {
            return ObservedResponse.End.TIMEOUT;
        }
        boolean fromApp = !result.response().fields(ProxyKind.FROM_APP).isEmpty();
        return fromApp && result.response().complete() ? ObservedResponse.End.WHOLE : ObservedResponse.End.ERROR;
    }

    private static boolean noHttp(String bytes) {
        return bytes.length() >= HTTP.length() && !bytes.startsWith(HTTP);
    }

    /**
     * nginx passes on bytes that are not HTTP unchanged, and keeps the connection open: there is nothing more to wait
     * for.
     */
    private static final class UntilNoHttp implements RawExchange.Receiver {
        private final StringBuilder start = new StringBuilder();

        @Override
        public void received(byte[] buffer, int length) {
            for (int i = 0; i < length && start.length() < HTTP.length(); i++) {
                start.append((char) (buffer[i] & 0xff));
            }
        }

        @Override
        public long patience(ResponseReader response, long total) {
            return response.done() || noHttp(start.toString()) ? ENOUGH : Long.MAX_VALUE;
        }
    }
}
