// SPDX-License-Identifier: Apache-2.0
package upstreamreset.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import upstreamreset.framework.Framework;
import upstreamreset.framework.Recipe;
import upstreamreset.framework.Recognition;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.ResponseReader;
import upstreamreset.http1.Rule;

/** Each recipe is what the gallery runs, line for line; there its <em>before</em> fails and its <em>after</em> passes. */
class RecipesTest {
    private static final int MAX_LINES = 6;

    static Stream<Recipe> recipes() {
        return Arrays.stream(Framework.values())
                .filter(each -> each != Framework.ISTIO)
                .flatMap(each -> Recipe.of(each).stream());
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void itsLinesAreTheGallerys(Recipe recipe) throws IOException {
        var sources =
                sources(forIdle(recipe) ? IdleServer.RECIPE : server(recipe).ecosystem());

        assertThat(sources).as("before").anyMatch(source -> source.contains(code(recipe.before())));
        assertThat(sources).as("after").anyMatch(source -> source.contains(code(recipe.after())));
        assertThat(recipe.before()).hasSizeBetween(1, MAX_LINES);
        assertThat(recipe.after()).hasSizeBetween(1, MAX_LINES);
    }

    /** KeepAliveIT runs them. */
    @Test
    void eachRecipeForIdleConnectionsIsRunAndNoOther() throws IOException {
        var proven = recipes()
                .filter(RecipesTest::forIdle)
                .map(recipe -> recipe.proof().split(" ", -1)[0])
                .toList();

        assertThat(IdleServer.all()).extracting(idle -> idle.server().id()).containsExactlyInAnyOrderElementsOf(proven);
        assertThat(recipes().filter(RecipesTest::forIdle)).allSatisfy(recipe -> {
            assertThat(recipe.rules()).containsExactly(Rule.NO_RESPONSE);
            assertThat(server(recipe).framework()).isEqualTo(recipe.framework().id());
        });
    }

    static Stream<Recipe> recipesOfResponses() {
        return recipes().filter(recipe -> !forIdle(recipe));
    }

    private static boolean forIdle(Recipe recipe) {
        return recipe.proof().endsWith(" " + IdleServer.RECIPE);
    }

    @ParameterizedTest
    @MethodSource("recipesOfResponses")
    void itsBeforeFailsByOneOfItsRulesAndItsAfterPasses(Recipe recipe) throws IOException {
        var before = row(recipe, "before");

        assertThat(before.passes()).as("%s", before).isFalse();
        assertThat(before.findings().split(" ", -1)).containsAnyElementsOf(ids(recipe));
        assertThat(row(recipe, "after").passes()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Framework.class)
    void eachFrameworkHasARecipe(Framework framework) {
        assertThat(Recipe.of(framework)).isNotEmpty();
    }

    /** What the gallery saw on the wire is never taken for another framework. */
    @Test
    void theRealHeadsAreRecognisedAsWhatTheyAreOrNotAtAll() throws IOException {
        for (var server : GalleryServer.all()) {
            var head = GalleryRow.of(server.id(), "ok").orElseThrow().wire();
            var bytes =
                    (head.replace("…", "x").replace(" / ", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
            var seen = Recognition.of(ResponseReader.read("GET", bytes, CloseReason.OPEN))
                    .map(Recognition::framework);
            if (seen.isPresent()) {
                assertThat(family(seen.get())).as(head).contains(server.framework());
            }
        }
    }

    /** Those that nothing on the wire tells apart, because one runs on the other. */
    private static List<String> family(Framework framework) {
        return switch (framework) {
            case TOMCAT -> List.of("tomcat", "spring-mvc");
            case NODE -> List.of("node", "-");
            case EXPRESS -> List.of("express", "http-proxy");
            default -> List.of(framework.id());
        };
    }

    private static GalleryServer server(Recipe recipe) throws IOException {
        return GalleryServer.of(recipe.proof().split(" ", -1)[0]);
    }

    private static GalleryRow row(Recipe recipe, String which) throws IOException {
        var proof = recipe.proof().split(" ", -1);
        return GalleryRow.of(proof[0], proof[1] + "/" + which).orElseThrow();
    }

    private static List<String> ids(Recipe recipe) {
        return recipe.rules().stream().map(Rule::id).toList();
    }

    private static String code(List<String> lines) {
        return lines.stream().map(String::strip).collect(Collectors.joining("\n"));
    }

    /** The sources of an ecosystem, without indentation. */
    private static List<String> sources(String ecosystem) throws IOException {
        try (var files = Files.walk(GalleryServer.FOLDER.resolve(ecosystem))) {
            return files.filter(Files::isRegularFile).map(RecipesTest::stripped).toList();
        }
    }

    private static String stripped(Path file) {
        try {
            return Files.readAllLines(file).stream().map(String::strip).collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }
}
