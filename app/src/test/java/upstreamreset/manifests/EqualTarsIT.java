// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.RealParts;

/** Equal sources give equal bytes: what was built here, and what a clean clone builds in another folder at another time. */
class EqualTarsIT {
    /** A clone of $1 in the folder $2 with the same remote, commit and files, changed ones too, and nothing that was built. */
    private static final String CLONE = """
            git clone --quiet --no-checkout "$1" "$2"
            git -C "$2" remote remove origin
            ! url=$(git -C "$1" config --get remote.origin.url) || git -C "$2" remote add origin "$url"
            git -C "$1" ls-files --cached --others --exclude-standard --deduplicate | while IFS= read -r file; do
              [ ! -e "$1/$file" ] || echo "$file"
            done | tar -C "$1" -cf - -T - | tar -C "$2" -xmf -
            git -C "$2" reset --quiet
            """;

    @Test
    void aCleanCloneBuildsTheSameJarAndTheSameTar(@TempDir Path folder) throws Exception {
        var root = Repository.path("").toAbsolutePath();
        if (Files.isRegularFile(root.resolve(".git"))) {
            throw RealParts.missing("a clone: in a linked worktree the build names the commit of the main one");
        }
        var clone = folder.resolve("clone");
        Image.run(folder, List.of("bash", "-euc", CLONE, "clone", root.toString(), clone.toString()));

        var here = folder.resolve("here.tar");
        var there = folder.resolve("there.tar");
        image(folder, root, "--no-archive", "--no-build", "--tar", here.toString());
        image(folder, clone, "--no-archive", "--tar", there.toString());

        assertThat(clone.resolve("app/target/upstream-reset.jar"))
                .as("the jar here may hold what no source makes any more: scripts/mvn clean")
                .hasSameBinaryContentAs(RealParts.jar());
        assertThat(there).hasSameBinaryContentAs(here);
    }

    private static void image(Path folder, Path checkout, String... options) {
        var command = new ArrayList<>(List.of(checkout.resolve("scripts/image").toString(), "--base", "jlink"));
        command.addAll(List.of(options));
        Image.run(folder, command);
    }
}
