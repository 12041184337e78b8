// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import upstreamreset.testing.RealParts;

/** The catalogue's HTTP/2 on the app's port, as a real client takes it. */
class Http2IT {
    @Test
    void curlGetsACorrectResponseOverHttp2() throws Exception {
        assertThat(curl("h2-ok")).contains("HTTP/2 200", "hello");
    }

    @Test
    void curlNamesTheCodeOfARstStream() throws Exception {
        assertThat(curl("h2-rst-internal-error")).contains("INTERNAL_ERROR (err 2)");
    }

    private static String curl(String scenario) throws IOException, InterruptedException {
        var curl = RealParts.program("curl").toString();
        try (var app = AppServer.start(ServeOptions.onFreePort())) {
            var process = new ProcessBuilder(
                            curl, "-qsSi", "-m", "10", "--http2-prior-knowledge", app.uri() + "/scenarios/" + scenario)
                    .redirectErrorStream(true)
                    .start();
            try {
                return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }
}
