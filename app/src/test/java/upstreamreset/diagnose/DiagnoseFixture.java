// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.Cli;

/** A cluster of one Pod for each test, and the command run against it. */
abstract class DiagnoseFixture {
    static final String POD = FakeCluster.POD;
    static final String REFUSED = "502 UPE upstream_reset_before_response_started{protocol_error}";

    final FakeCluster cluster = new FakeCluster();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        cluster.close();
    }

    /** With any words. */
    Cli.Result diagnose(String... words) throws IOException {
        var all = new ArrayList<>(
                List.of("diagnose", "--kubeconfig", cluster.kubeconfig(folder).toString()));
        all.addAll(List.of(words));
        return Cli.run(all.toArray(String[]::new));
    }

    /** Of the Pod; without the option that names the kubeconfig of this run in what is printed. */
    Cli.Result run(String... words) throws IOException {
        var all = new ArrayList<>(List.of("cart-0"));
        all.addAll(List.of(words));
        var result = diagnose(all.toArray(String[]::new));
        var option = " --kubeconfig " + folder.resolve("kubeconfig");
        return new Cli.Result(
                result.exitCode(),
                result.output().replace(option, ""),
                result.errors().replace(option, ""));
    }
}
