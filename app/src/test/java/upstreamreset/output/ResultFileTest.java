// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
    @TempDir
    private Path folder;

    @Test
    void aFileIsReplacedAndNothingElseStays() throws Exception {
        var file = Files.writeString(folder.resolve("page"), "before");
        ResultFile.write(file, "after");
        assertThat(file).hasContent("after");
        assertThat(list()).containsExactly("page");
    }

    @Test
    void aLinkStaysALinkAndItsTargetGetsTheResult() throws Exception {
        var target = Files.writeString(folder.resolve("target"), "before");
        var link = Files.createSymbolicLink(folder.resolve("link"), target);
        ResultFile.write(link, "after");
        assertThat(link).isSymbolicLink();
        assertThat(target).hasContent("after");
    }

    @Test
    void aFifoStaysAFifoAndItsReaderGetsTheResult() throws Exception {
        var fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        var read = CompletableFuture.supplyAsync(() -> read(fifo));
        ResultFile.write(fifo, "through");
        assertThat(read.get()).isEqualTo("through");
        assertThat(Files.isRegularFile(fifo)).isFalse();
    }

    @Test
    void aLinkToAFileThatIsNotThereYetMakesThatFile() throws Exception {
        Files.createDirectory(folder.resolve("there"));
        var link = Files.createSymbolicLink(folder.resolve("link"), Path.of("there/new"));
        ResultFile.check("the page", link);
        ResultFile.write(link, "after");
        assertThat(link).isSymbolicLink();
        assertThat(folder.resolve("there/new")).hasContent("after");
    }

    @Test
    void linksInACircleAreSaid() throws Exception {
        var one = Files.createSymbolicLink(folder.resolve("one"), Path.of("two"));
        Files.createSymbolicLink(folder.resolve("two"), Path.of("one"));
        assertThatThrownBy(() -> ResultFile.check("the page", one))
                .hasMessage("cannot write " + one + ": its symbolic links lead in a circle");
        assertThat(one).isSymbolicLink();
    }

    /** As /dev/stdout before a pipe: it has no real path. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aPipeThatIsNamedByItsNumberGetsTheResult() throws Exception {
        var cat = new ProcessBuilder("cat").start();
        ResultFile.write(Path.of("/proc/" + cat.pid() + "/fd/0"), "through");
        cat.getOutputStream().close();
        assertThat(cat.getInputStream()).hasContent("through");
        assertThat(cat.waitFor()).isZero();
    }

    @Test
    void aFileThatWasForItsOwnerAloneStaysSo() throws Exception {
        var file = Files.writeString(folder.resolve("page"), "before");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        ResultFile.write(file, "after");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void theBytesOfAFailureAreNotLeftBehind() throws Exception {
        var file = Files.writeString(folder.resolve("page"), "before");
        assertThatThrownBy(() -> ResultFile.write(file, out -> {
                    out.write('x');
                    throw new IOException("No space left on device");
                }))
                .hasMessageStartingWith("cannot write ")
                .hasMessageEndingWith(": No space left on device");
        assertThat(file).hasContent("before");
        assertThat(list()).containsExactly("page");
    }

    @Test
    void thePermissionsAreThoseOfAnyOtherFile() throws Exception {
        var ours = folder.resolve("ours");
        ResultFile.write(ours, "");
        var theirs = Files.createFile(folder.resolve("theirs"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ours)))
                .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(theirs)));
    }

    @Test
    void twoNamesOfOneFileAreTheSame() throws Exception {
        var file = Files.createFile(folder.resolve("a"));
        var link = Files.createSymbolicLink(folder.resolve("b"), file);
        assertThat(ResultFile.same(file, link)).isTrue();
        assertThat(ResultFile.same(folder.resolve("new"), folder.resolve("./new")))
                .isTrue();
        assertThat(ResultFile.same(file, folder.resolve("new"))).isFalse();
    }

    private List<String> list() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
