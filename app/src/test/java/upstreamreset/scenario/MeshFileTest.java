// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeshFileTest {
    private static final ConfigEdit ROUTE = new ConfigEdit(ConfigEdit.Part.ROUTE, "{\"route\":{\"timeout\":\"1s\"}}");
    private static final ConfigEdit CLUSTER = new ConfigEdit(ConfigEdit.Part.CLUSTER, "{\"connectTimeout\":\"1s\"}");

    @Test
    void aLineIsAnEditAsInTheCatalogue() {
        var mesh = MeshFile.parse("""
                # mine
                sidecar route {"route":{"timeout":"1s"}}
                        cluster {"connectTimeout":"1s"}
                client route {"route":{"timeout":"1s"}}
                """);

        assertThat(mesh).isEqualTo(new Mesh(List.of(ROUTE, CLUSTER), Optional.of(List.of(ROUTE))));
    }

    @Test
    void aPartAloneIsTheAppsSidecars() {
        assertThat(MeshFile.parse("cluster {\"connectTimeout\":\"1s\"}"))
                .isEqualTo(new Mesh(List.of(CLUSTER), Optional.empty()));
    }

    @Test
    void oneJsonObjectHasThePartsAsKeys() {
        var mesh = MeshFile.parse("""
                {
                  "route": {"route": {"timeout": "1s"}},
                  "client": {"cluster": {"connectTimeout": "1s"}}
                }
                """);

        assertThat(mesh).isEqualTo(new Mesh(List.of(ROUTE), Optional.of(List.of(CLUSTER))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"rout {}", "route", "route {", "route {]}", "sidecar", "{\"rout\":{}}", "{", "{\"route\":1}"})
    void whatIsNoEditIsRefused(String text) {
        assertThatThrownBy(() -> MeshFile.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
