// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealTest {
    @TempDir
    Path folder;

    private Path program;
    private final byte[] bytes = new byte[100_000];

    @BeforeEach
    void install() throws IOException {
        program = Files.write(folder.resolve("envoy"), bytes);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Seal.set(program);
    }

    @Test
    void whatNobodyTouchedHolds() throws Exception {
        assertThat(Seal.holds(program)).isTrue();
    }

    @Test
    void aCutProgramDoesNot() throws Exception {
        Files.write(program, Arrays.copyOf(bytes, 50_000));
        assertThat(Seal.holds(program)).isFalse();
    }

    @Test
    void aByteThatIsAnotherIsFoundAlsoWhereTheTimeIsSetBack() throws Exception {
        var time = Files.getLastModifiedTime(program);
        bytes[70_000] = 1;
        Files.write(program, bytes);
        Files.setLastModifiedTime(program, time);
        assertThat(Seal.holds(program)).isFalse();
    }

    @Test
    void aProgramThatWasOnlyTouchedHolds() throws Exception {
        Files.setLastModifiedTime(program, FileTime.fromMillis(1));
        assertThat(Seal.holds(program)).isTrue();
        assertThat(Files.readString(folder.resolve("envoy.sum")))
                .endsWith(" 100000 1000000 " + Files.getAttribute(program, "unix:ctime") + "\n");
    }

    @Test
    void ofWhatHasNoSealNothingIsKnown() throws Exception {
        Files.delete(folder.resolve("envoy.sum"));
        assertThat(Seal.holds(program)).isFalse();
        assertThat(Seal.isSet(program)).isFalse();
    }

    @Test
    void aProgramThatIsGoneDoesNotHold() throws Exception {
        Files.delete(program);
        assertThat(Seal.holds(program)).isFalse();
    }
}
