// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The checkout's files that are no Java: manifests/, argocd/, scripts/, README.md. */
final class Repository {
    private static final Path ROOT = root(Path.of("").toAbsolutePath());

    private Repository() {}

    static Path path(String relative) {
        return ROOT.resolve(relative);
    }

    static String text(String relative) {
        try {
            return Files.readString(path(relative));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folders under {@code relative} that hold a kustomization, relative to the checkout, sorted. */
    static List<String> kustomizations(String relative) {
        try (Stream<Path> files = Files.walk(path(relative))) {
            return files.filter(file -> file.endsWith("kustomization.yaml"))
                    .map(file -> ROOT.relativize(file.getParent()).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The YAML files directly in {@code relative} but its kustomization, relative to the checkout, sorted. */
    static List<String> yamlFiles(String relative) {
        try (Stream<Path> files = Files.list(path(relative))) {
            return files.filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
                    .map(file -> ROOT.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The objects in the YAML files of all kustomizations under {@code relative}. */
    static Stream<Yaml> objects(String relative) {
        return kustomizations(relative).stream()
                .flatMap(folder -> yamlFiles(folder).stream())
                .flatMap(file -> Yaml.all(text(file)).stream());
    }

    private static Path root(Path folder) {
        for (var each = folder; each != null; each = each.getParent()) {
            if (Files.isDirectory(each.resolve("argocd/apps"))) {
                return each;
            }
        }
        throw new IllegalStateException("no checkout of upstream-reset above " + folder);
    }
}
