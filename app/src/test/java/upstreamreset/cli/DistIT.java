// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static upstreamreset.testing.Shell.bash;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.Shell.Said;

/** What scripts/dist makes, where nothing is on PATH but this system's own programs: no JDK, no Maven, no clone. */
class DistIT {
    private static final long MAX_ARCHIVE_BYTES = 60_000_000;
    private static final String LINE =
            "GET /wrong HTTP/1.1\" 502 UPE upstream_reset_before_response_started{protocol_error}";

    @TempDir
    private static Path folder;

    private static Path archive;

    @BeforeAll
    static void makeTheArchive() throws Exception {
        RealParts.jar();
        var made = bash(
                Path.of(".."),
                "JAVA_HOME='" + System.getProperty("java.home") + "' scripts/dist --to '" + folder + "'");
        assertThat(made.code()).as(made.text()).isZero();
        archive = Path.of(made.text().lines().toList().getLast());
        var manifests = bash(Path.of(".."), "scripts/dist --manifests acme/tools --to '" + folder + "'");
        assertThat(manifests.code()).as(manifests.text()).isZero();
    }

    @Test
    void itIsSmallAndHasNoLinksAndTheLicences() throws Exception {
        assertThat(archive).isRegularFile();
        assertThat(Files.size(archive)).isLessThanOrEqualTo(MAX_ARCHIVE_BYTES);
        var listed = bash(folder, "tar -tvzf '" + archive + "'").text().lines().toList();
        assertThat(listed).allMatch(line -> line.startsWith("-") || line.startsWith("d"));
        assertThat(listed)
                .anyMatch(line -> line.endsWith(" upstream-reset/LICENSE"))
                .anyMatch(line -> line.contains(" upstream-reset/runtime/legal/java.base/"))
                .anyMatch(line -> line.endsWith(" upstream-reset/completions/_upstream-reset"));
    }

    @Test
    void itRunsFromAReadOnlyFolderThroughALinkAndAsAnotherUserWithoutHome() throws Exception {
        // Given
        var home = unpack("a folder");
        bash(folder, "ln -s '" + home + "/bin/upstream-reset' link; ln -s link second; chmod -R a-w '" + home + "'");

        // When
        var said = alone("./second explain '" + LINE + "'");

        // Then
        assertThat(said.code()).isEqualTo(Main.FOUND);
        assertThat(said.text()).contains("[duplicate-transfer-encoding]");
        assertThat(alone("./link inspect '"
                                + Path.of("../scripts/lib/training.pcap.gz").toRealPath() + "'")
                        .code())
                .isEqualTo(Main.FOUND);
    }

    /** Also after it was moved: krew does that. */
    @Test
    void itTakesItsClassesFromTheCache() throws Exception {
        var home = unpack("moved");
        var log = folder.resolve("classes");
        for (var command : List.of("explain '" + LINE + "'", "--version", "scenarios", "serve --version")) {
            alone("JAVA_TOOL_OPTIONS='-Xlog:class+load:file=" + log + "' '" + home + "/bin/upstream-reset' " + command);
            assertThat(Files.readAllLines(log))
                    .as(command)
                    .anyMatch(line -> line.matches(".* upstreamreset\\.cli\\.Main source: shared objects file.*"));
        }
    }

    @Test
    void krewInstallsItAsAPluginOfKubectl() throws Exception {
        // Given
        var krew = bash(Path.of(".."), ". scripts/lib/go.sh; . scripts/lib/go-tool.sh; find_krew 2>/dev/null");
        assertThat(krew.code()).as("krew").isZero();
        var root = folder.resolve("krew");

        // When
        var installed = bash(
                folder,
                "KREW_ROOT='" + root + "' '" + krew.text().strip()
                        + "' install --manifest=upstream-reset.yaml --archive='" + archive + "' </dev/null");

        // Then
        assertThat(installed.code()).as(installed.text()).isZero();
        var help = alone("'" + root + "/bin/kubectl-upstream_reset' --help");
        assertThat(help.text()).startsWith("Usage: kubectl upstream-reset ");
        assertThat(alone("'" + root + "/bin/kubectl-upstream_reset' explain '" + LINE + "'")
                        .text())
                .contains("[duplicate-transfer-encoding]");
    }

    @Test
    void installScriptComparesTheSumAndPutsLinks() throws Exception {
        // Given
        var install = "sh install.sh --from '" + folder + "' --to '" + folder + "/share' --bin '" + folder + "/bin'";

        // When
        var said = alone(install);
        var again = alone(install);

        // Then
        assertThat(said.code()).as(said.text()).isZero();
        assertThat(said.text()).startsWith("installed upstream-reset ").contains("is not on your PATH");
        assertThat(again.code()).as(again.text()).isZero();
        assertThat(alone("bin/upstream-reset --version").text()).startsWith("upstream-reset ");
        assertThat(alone("bin/kubectl-upstream_reset --help").text()).startsWith("Usage: kubectl upstream-reset ");
    }

    @Test
    void installScriptRefusesWhatIsNotWhatItsSumSays() throws Exception {
        // Given
        var other = Files.createDirectory(folder.resolve("other"));
        Files.copy(folder.resolve(archive.getFileName() + ".sha256"), other.resolve(archive.getFileName() + ".sha256"));
        var bytes = Files.readAllBytes(archive);
        Files.write(other.resolve(archive.getFileName()), Arrays.copyOf(bytes, bytes.length - 1));

        // When
        var said = alone("sh install.sh --from '" + other + "' --to '" + folder + "/none' --bin '" + folder + "/none'");

        // Then
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.text()).contains("nothing was installed");
        assertThat(bash(folder, "find none -mindepth 1").text()).isEmpty();
    }

    @Test
    void installScriptTakesFoldersFromWhereItRuns() throws Exception {
        // Given
        bash(folder, "mkdir here && chmod a+rwx here && cp install.sh here/");

        // When
        var said = alone("cd here && sh install.sh --from .. --to share --bin bin");

        // Then
        assertThat(said.code()).as(said.text()).isZero();
        assertThat(alone("here/bin/upstream-reset --version").text()).startsWith("upstream-reset ");
    }

    @Test
    void installScriptReplacesItsOwnLinksAndNothingElse() throws Exception {
        // Given
        bash(folder, "mkdir -m 777 mine && echo '#!/bin/sh' > mine/kubectl-upstream_reset");

        // When
        var said = alone("sh install.sh --from . --to never --bin mine");

        // Then
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.text())
                .contains("mine/kubectl-upstream_reset is there and is no link", "nothing was installed");
        assertThat(folder.resolve("mine/kubectl-upstream_reset")).content().isEqualTo("#!/bin/sh\n");
        assertThat(bash(folder, "find never -mindepth 1; find mine -type l").text())
                .isEmpty();
    }

    /** What it fetches with, and what it says where it can fetch nothing. */
    @Test
    void installScriptNeedsCurlOrWgetAndANetwork() throws Exception {
        // Given: a PATH with all but these two
        bash(folder, """
                mkdir plain && cd plain && for f in /usr/bin/* /bin/*; do
                  case ${f##*/} in curl | wget) ;; *) [ -e "${f##*/}" ] || ln -s "$f" . ;; esac
                done
                mkdir ../with-wget && ln -s /usr/bin/wget ../with-wget/
                mkdir ../with-curl && ln -s /usr/bin/curl ../with-curl/
                """);
        var install = " sh install.sh --from http://127.0.0.1:%d --to fetched --bin fetched/bin";
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var file = folder.resolve(exchange.getRequestURI().getPath().substring(1));
            exchange.sendResponseHeaders(Files.exists(file) ? 200 : 404, Files.exists(file) ? Files.size(file) : -1);
            if (Files.exists(file)) {
                Files.copy(file, exchange.getResponseBody());
            }
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        try {
            for (var path : List.of("../with-wget", "../with-curl")) {
                // When
                var said = alone(
                        "PATH='" + folder + "/plain/" + path + ":" + folder + "/plain'" + install.formatted(port));

                // Then
                assertThat(said.code()).as(path + ": " + said.text()).isZero();
                assertThat(alone("fetched/bin/upstream-reset --version").text()).startsWith("upstream-reset ");
            }
            var missing = alone("sh install.sh --version 0.0.1 --from http://127.0.0.1:" + port + " --to no --bin no");
            assertThat(missing.code()).isEqualTo(1);
            assertThat(missing.text()).contains("could not be had from http://127.0.0.1:" + port);
        } finally {
            server.stop(0);
        }
        var without = alone("PATH='" + folder + "/plain'" + install.formatted(port));
        assertThat(without.text()).isEqualTo("install.sh: neither curl nor wget is on PATH.\n");
        assertThat(without.code()).isEqualTo(1);
        var unreachable = alone("sh install.sh --from http://127.0.0.1:" + port + " --to no --bin no");
        assertThat(unreachable.code()).isEqualTo(1);
        assertThat(unreachable.text()).contains("could not be had from http://127.0.0.1:" + port, "Check the network");
    }

    /** Without JDK, Maven or Go on PATH, and without HOME: what issue 24 shows, one by one. */
    @Test
    void theCommandsThatNeedNoEnvoyRun() throws Exception {
        var home = unpack("commands");
        var tool = "'" + home + "/bin/upstream-reset' ";
        assertThat(alone("cd '" + home + "/bin' && sh upstream-reset --version").text())
                .startsWith("upstream-reset ");
        assertThat(alone(tool + "scenarios --flag UC").text()).contains(" 503 UC ");
        assertThat(alone(tool + "probe 127.0.0.1:1").code()).isEqualTo(Main.UNREAD);
        assertThat(alone(tool + "matrix wrong --column jdk").text()).contains("jdk");
        assertThat(alone(tool + "diagnose pod/cart-0").code()).isEqualTo(Main.UNREAD);
        assertThat(alone("'" + home + "/bin/kubectl-upstream_reset' help inspect")
                        .text())
                .startsWith("Usage: kubectl upstream-reset inspect ");
        var completed = alone("'" + home + "/bin/kubectl_complete-upstream_reset' reproduce te-unk");
        assertThat(completed.text()).startsWith("te-unknown\t").endsWith(":4\n");
        assertThat(bash(folder, "cmp '" + home + "/completions/upstream-reset.bash' <(" + tool + "completion bash)")
                        .code())
                .isZero();
    }

    @Test
    void theEnvoyThatIsGivenIsUsedAndAMissingOneIsSaid() throws Exception {
        var home = unpack("with Envoy");
        var envoy = RealParts.envoy().path().toRealPath();
        bash(folder, "cp '" + envoy + "' envoy");
        var said = alone("'" + home + "/bin/upstream-reset' reproduce wrong --envoy '" + folder + "/envoy'");
        assertThat(said.code()).as(said.text()).isZero();
        assertThat(said.text()).contains("502 UPE");
        var none = alone("HOME='" + folder + "' '" + home + "/bin/upstream-reset' reproduce wrong --envoy none");
        assertThat(none.code()).isEqualTo(Main.UNREAD);
        assertThat(none.text()).contains("none").doesNotContain("\tat ");
    }

    @Test
    void theFormulaIsRubyAndHasTheArchivesSum() throws Exception {
        var formula = folder.resolve("upstream-reset.rb");
        var sum = Files.readString(folder.resolve(archive.getFileName() + ".sha256"))
                .substring(0, 64);
        assertThat(formula)
                .content()
                .contains("sha256 \"" + sum + "\"", "https://github.com/acme/tools/releases/download/v")
                .doesNotContain("@");
        assertThat(folder.resolve("upstream-reset.yaml"))
                .content()
                .contains("sha256: " + sum)
                .doesNotContain("@");
        assertThat(folder.resolve("install.sh"))
                .content()
                .contains("github.com/acme/tools")
                .doesNotContain("@VERSION@");
        var ruby = bash(folder, "! command -v ruby >/dev/null || ruby -c '" + formula + "'");
        assertThat(ruby.code()).as(ruby.text()).isZero();
    }

    private static Path unpack(String name) throws Exception {
        var parent = Files.createDirectory(folder.resolve(name));
        assertThat(bash(parent, "tar -xzf '" + archive + "'").code()).isZero();
        return parent.resolve("upstream-reset");
    }

    /** As another user where we are root, with no environment but a PATH that has no JDK. */
    private static Said alone(String command) throws Exception {
        bash(folder, "chmod -R a+rX . && chmod a+rwx .");
        var user = bash(folder, "id -u").text().strip().equals("0")
                ? "setpriv --reuid=65534 --regid=65534 --clear-groups "
                : "";
        return bash(folder, "env -i PATH=/usr/bin:/bin " + user + "sh -c \"" + command.replace("\"", "\\\"") + "\"");
    }
}
