// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.testing.Cli;

/** What a start of the jar does not cost: an annotation that is read is a proxy class that the JVM generates. */
class StartIT {
    @TempDir
    private Path folder;

    static Stream<String> helps() {
        return Stream.concat(Stream.of(""), Main.COMMANDS.keySet().stream().map(name -> name + " "))
                .map(name -> name + "--help");
    }

    @ParameterizedTest
    @MethodSource("helps")
    void noHelpGeneratesAProxyClass(String line) throws Exception {
        assertThat(proxies(loaded(line, Main.CLEAN))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inspect ../scripts/lib/training.pcap.gz",
                "explain nonsense",
                "probe 127.0.0.1:1",
                "reproduce wrong --envoy /does/not/exist"
            })
    void noWorkGeneratesAProxyClass(String line) throws Exception {
        assertThat(proxies(loaded(line, Main.FOUND_OR_FAILED))).isEmpty();
    }

    /** picocli looks for converters to types that no option has. */
    @Test
    void noCommandLineLoadsTheModuleOfDatabases() throws Exception {
        assertThat(loaded("explain nonsense", Main.FOUND_OR_FAILED)).noneMatch(each -> each.contains(" java.sql."));
    }

    @Test
    void theAppGeneratesNoProxyClassAndMakesNoMBeanServer() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var classes = loaded("serve --election off --port " + taken.getLocalPort(), Main.FOUND_OR_FAILED);
            assertThat(proxies(classes)).isEmpty();
            assertThat(classes)
                    .anyMatch(each -> each.contains(" org.xnio.nio.NioXnioWorker "))
                    .noneMatch(each -> each.contains(" com.sun.jmx.mbeanserver.JmxMBeanServer "));
        }
    }

    private static List<String> proxies(List<String> classes) {
        return classes.stream().filter(each -> each.contains("$Proxy")).toList();
    }

    /** The JVM's lines about the classes that it loaded. */
    private List<String> loaded(String line, int code) throws IOException, InterruptedException {
        var log = folder.resolve("classes");
        var flag = Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log);
        var result = Cli.runJar(folder, flag, line.split(" "));
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(code);
        var classes = Files.readAllLines(log);
        assertThat(classes).anyMatch(each -> each.contains(" upstreamreset.cli.Main "));
        return classes;
    }
}
