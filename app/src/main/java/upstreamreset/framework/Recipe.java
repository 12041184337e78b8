// SPDX-License-Identifier: Apache-2.0
package upstreamreset.framework;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import upstreamreset.http1.Rule;
import upstreamreset.wire.Bytes;

/**
 * The change in one framework that satisfies a rule: a few lines, before and after.
 *
 * @param does the change in a sentence
 * @param proof where the gallery runs both: a server, and the path without {@code /before} and {@code /after}; empty
 *     for the mesh's own recipes
 */
public record Recipe(
        Framework framework, List<Rule> rules, String does, String proof, List<String> before, List<String> after) {
    /** Those that have been read: a capture may have thousands of findings. */
    private static final Map<Framework, List<Recipe>> READ = new EnumMap<>(Framework.class);

    public Recipe {
        rules = List.copyOf(rules);
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** Those of a framework, the likelier first. */
    public static synchronized List<Recipe> of(Framework framework) {
        var recipes = READ.get(framework);
        if (recipes == null) {
            recipes = List.copyOf(parse(
                    framework,
                    Bytes.ofResource(Recipe.class, framework.id() + ".txt").utf8()));
            READ.put(framework, recipes);
        }
        return recipes;
    }

    /** The first of a framework that mends {@code rule}. */
    public static Optional<Recipe> of(Framework framework, Rule rule) {
        for (var recipe : of(framework)) {
            if (recipe.rules.contains(rule)) {
                return Optional.of(recipe);
            }
        }
        return Optional.empty();
    }

    /** A recipe begins with its rules; lines of code are indented, the rest is {@code key: value}. */
    static List<Recipe> parse(Framework framework, String text) {
        var recipes = new ArrayList<Recipe>();
        Draft draft = null;
        for (var line : text.lines().toList()) {
            if (line.startsWith("rules: ")) {
                add(recipes, draft);
                draft = new Draft(framework);
            }
            if (draft != null) {
                draft.read(line);
            }
        }
        add(recipes, draft);
        return recipes;
    }

    private static void add(List<Recipe> recipes, @Nullable Draft draft) {
        if (draft != null) {
            recipes.add(draft.recipe());
        }
    }

    /** One that is being read. */
    private static final class Draft {
        private final Framework framework;
        private final List<Rule> rules = new ArrayList<>();
        private final List<String> before = new ArrayList<>();
        private final List<String> after = new ArrayList<>();
        private String does = "";
        private String proof = "";
        private List<String> code = before;

        Draft(Framework framework) {
            this.framework = framework;
        }

        void read(String line) {
            if (line.startsWith("  ")) {
                code.add(line.substring(2));
                return;
            }
            int colon = line.indexOf(':');
            var value = colon < 0 ? "" : line.substring(colon + 1).strip();
            switch (colon < 0 ? "" : line.substring(0, colon)) {
                case "rules" -> {
                    for (var id : value.split(" ", -1)) {
                        rules.add(Rule.ofId(id).orElseThrow(() -> new IllegalArgumentException("no rule " + id)));
                    }
                }
                case "does" -> does = value;
                case "proof" -> proof = value;
                case "before" -> code = before;
                case "after" -> code = after;
                default -> {
                    if (!line.isBlank()) {
                        throw new IllegalArgumentException(framework.id() + ".txt: " + line);
                    }
                }
            }
        }

        Recipe recipe() {
            return new Recipe(framework, rules, does, proof, before, after);
        }
    }
}
