// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A KUBECONFIG that names nothing says which file; as kubectl, one of several is enough. */
class KubeConfigTest {
    @TempDir
    Path folder;

    @Test
    void whatIsNotThereIsNamed() {
        var none = folder.resolve("none");
        assertThat(KubeConfig.unreadable(Optional.of(none.toString())))
                .contains("KUBECONFIG names " + none + ", which is not there");
        assertThat(KubeConfig.unreadable(Optional.of(none + File.pathSeparator + folder)))
                .contains("KUBECONFIG names " + none + ", which is not there, and " + folder + ", which is a folder");
    }

    @Test
    void oneThatCanBeReadIsEnough() throws Exception {
        var file = Files.writeString(folder.resolve("config"), "");
        assertThat(KubeConfig.unreadable(Optional.of(folder.resolve("none") + File.pathSeparator + file)))
                .isEmpty();
        assertThat(KubeConfig.unreadable(Optional.empty())).isEmpty();
        assertThat(KubeConfig.unreadable(Optional.of(""))).isEmpty();
    }
}
