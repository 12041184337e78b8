// SPDX-License-Identifier: Apache-2.0
package upstreamreset.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.testing.Cli;

/** {@code sidecar} in front of a real app: before the recipe it shows the fault and the lines to change, after it nothing is wrong. */
class SidecarRecipesIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spring-mvc        | copy    | in Tomcat (servlet): Pass on the body
            express           | copy    | in Express: Pass on only the fields that you need
            fastapi-httptools | copy    | in FastAPI or Starlette on uvicorn: Pass on the content type
            go                | chunked | in Go net/http: Do not set Transfer-Encoding
            """)
    void theRecipeMendsTheApp(String id, String recipe, String change) throws Exception {
        var server = GalleryServer.of(id);
        RunningServer.install(server);
        try (var upstream = new Upstream();
                var app = RunningServer.start(server, upstream.url(), folder.resolve("log"))) {
            var before = sidecar(app, recipe + "/before");
            var after = sidecar(app, recipe + "/after");

            assertThat(before.exitCode())
                    .as("%s%s", before.output(), before.errors())
                    .isEqualTo(1);
            assertThat(before.output()).contains("502", change, "before", "after");
            assertThat(after.exitCode())
                    .as("%s%s", after.output(), after.errors())
                    .isZero();
        }
    }

    private static Cli.Result sidecar(RunningServer app, String path) throws IOException {
        return Cli.run("sidecar", "127.0.0.1:" + app.port(), "--ask", "/" + path);
    }
}
