// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.scenario.Catalogue;
import upstreamreset.server.ServeOptions;
import upstreamreset.testing.FreePort;

class LabTest {
    @Test
    void aLabThatCannotStartClosesWhatItHasStarted(@TempDir Path folder) throws IOException {
        int port = FreePort.find();
        var app = new ServeOptions(
                ServeOptions.LOOPBACK, port, ServeOptions.CHUNKS, ServeOptions.PERIOD, ServeOptions.DRAIN);
        var missing = new EnvoyBinary(folder.resolve("envoy"), EnvoyBinary.DEFAULT_VERSION);

        var scenarios = List.of(new Catalogue().find("correct").orElseThrow());

        assertThatThrownBy(() -> Lab.start(missing, new Lab.Options(false, app), scenarios))
                .isInstanceOf(IOException.class);

        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.isBound()).as("the app has left its port").isTrue();
        }
    }
}
