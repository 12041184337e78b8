// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.testing.RealParts;

/** The health check that sync waves wait for, in the Lua that Argo CD runs: an old verdict and an unsynced state wait. */
class ApplicationHealthIT {
    private static final String SCRIPT = Yaml.all(Repository.text("argocd/argocd-cm.yaml"))
            .getFirst()
            .text("data", "resource.customizations.health.argoproj.io_Application");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "nil | Progressing waiting for its first verdict",
                "{} | Progressing waiting for its first verdict",
                "{health = {}} | Progressing waiting for its first verdict",
                "{health = {status = 'Missing'}, sync = compared('url', 'b', 'Synced')} | Missing",
                "{health = {status = 'Healthy'}, sync = compared('url', 'b', 'Synced')} | Healthy",
                "{health = {status = 'Healthy'}, sync = compared('url', 'b', 'OutOfSync')} | Progressing healthy, but not synced yet",
                "{health = {status = 'Healthy'}, sync = compared('url', 'a', 'Synced')} | Progressing its verdict is of an older targetRevision",
                "{health = {status = 'Healthy'}, sync = compared('other', 'b', 'Synced')} | Progressing its verdict is of an older repoURL",
                "{health = {status = 'Healthy'}} | Progressing its verdict is of an older repoURL",
                "{health = {status = 'Degraded', message = 'no image'}, sync = compared('url', 'b', 'OutOfSync')} | Degraded no image",
                "{health = {status = 'Progressing'}, sync = compared('url', 'b', 'Synced')} | Progressing",
            })
    void theVerdictIs(String status, String verdict) throws IOException, InterruptedException {
        var lua = new ProcessBuilder(RealParts.program("lua5.1").toString(), "-")
                .redirectErrorStream(true)
                .start();
        try (var in = lua.outputWriter()) {
            in.write("""
                    local function compared(url, revision, status)
                      return {status = status,
                        comparedTo = {source = {repoURL = url, targetRevision = revision, path = 'p'}}}
                    end
                    obj = {spec = {source = {repoURL = 'url', targetRevision = 'b', path = 'p'}}, status = %s}
                    local health = (function()
                    %s
                    end)()
                    print(health.status .. ' ' .. health.message)
                    """.formatted(status, SCRIPT));
        }
        var out = new String(lua.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(lua.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(out.strip()).isEqualTo(verdict);
    }
}
