// SPDX-License-Identifier: Apache-2.0
package upstreamreset.page;

import java.io.IOException;
import java.util.List;
import upstreamreset.framework.Recipe;

/** Recipes on a page: what to change, and the lines before and after, as they are to be copied. */
public final class RecipeHtml {
    private RecipeHtml() {}

    public static void write(Html html, List<Recipe> recipes) throws IOException {
        for (var recipe : recipes) {
            html.element("p", "in " + recipe.framework().title() + ": " + recipe.does());
            code(html, "before", recipe.before());
            code(html, recipe.before().isEmpty() ? "YAML" : "after", recipe.after());
        }
    }

    private static void code(Html html, String label, List<String> lines) throws IOException {
        if (!lines.isEmpty()) {
            html.element("p", label).element("pre", String.join("\n", lines)).line();
        }
    }
}
