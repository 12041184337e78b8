// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.List;
import java.util.stream.Stream;

/** All ids of causes that the tables of scraps name. */
public final class ScrapCauses {
    private ScrapCauses() {}

    public static List<String> all() {
        return Stream.of(Sayings.causes(), HaproxyLine.causes(), AlbLine.causes(), EnvoyCounter.causes())
                .flatMap(List::stream)
                .distinct()
                .toList();
    }
}
