// SPDX-License-Identifier: Apache-2.0
package upstreamreset.gallery;

import java.io.IOException;
import java.util.List;

/**
 * A server whose recipe is about idle connections, as {@code scripts/gallery.d/keep-alive/servers} lists it.
 *
 * @param seconds after which it closes an idle connection before the recipe
 * @param limit where that comes from
 */
record IdleServer(GalleryServer server, int seconds, String limit) {
    /** The name of such a recipe, in its proof. */
    static final String RECIPE = "keep-alive";

    /** All of them, in the order of the list. */
    static List<IdleServer> all() throws IOException {
        var all = GalleryServer.all();
        return GalleryServer.rows("keep-alive/servers").stream()
                .map(row -> new IdleServer(
                        all.stream()
                                .filter(each -> each.id().equals(row[0]))
                                .findFirst()
                                .orElseThrow(),
                        Integer.parseInt(row[1]),
                        row[2]))
                .toList();
    }

    /** The one with this id. */
    static IdleServer of(String id) throws IOException {
        return all().stream()
                .filter(each -> each.server.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
