// SPDX-License-Identifier: Apache-2.0
package upstreamreset;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The package rules of ARCHITECTURE.md. The packages and what they use are read from the classes: a package without a rule
 * fails, so does a use that no rule permits, and so does a permission that nobody uses.
 */
class ArchitectureTest {
    private static final String BASE = "upstreamreset.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("upstreamreset");

    /** Package → the packages of ours that it uses. */
    private static final Map<String, Set<String>> USES = Map.ofEntries(Map.entry("wire", Set.of()));

    /** The start of a library's package names → the packages of ours that use it. */
    private static final Map<String, Set<String>> LIBRARIES = Map.of(
            "picocli.", Set.of("cli"),
            "io.undertow.", Set.of("server"),
            "org.xnio.", Set.of("server"),
            "io.prometheus.", Set.of("server"),
            "io.fabric8.", Set.of("election.kubernetes"),
            "tools.jackson.", Set.of("accesslog", "election.kubernetes", "envoy", "output"));

    @Test
    void everyPackageHasARuleAndEveryRuleAPackage() {
        assertThat(USES.keySet()).isEqualTo(packages());
    }

    @TestFactory
    List<DynamicTest> aPackageUsesExactlyWhatItsRulePermits() {
        return packages().stream()
                .map(name -> DynamicTest.dynamicTest(
                        name,
                        () -> assertThat(usedBy(name)).isEqualTo(new TreeSet<>(USES.getOrDefault(name, Set.of())))))
                .toList();
    }

    @TestFactory
    List<DynamicTest> aLibraryIsUsedExactlyWhereItsRulePermits() {
        return new TreeMap<>(LIBRARIES)
                .entrySet().stream()
                        .map(entry -> DynamicTest.dynamicTest(
                                entry.getKey(),
                                () -> assertThat(usersOf(name -> name.startsWith(entry.getKey())))
                                        .isEqualTo(new TreeSet<>(entry.getValue()))))
                        .toList();
    }

    @Test
    void thePackagesHaveNoCycles() {
        slices().matching("upstreamreset.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    private static Set<String> packages() {
        return CLASSES.stream().map(ArchitectureTest::packageOf).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> usedBy(String name) {
        return CLASSES.stream()
                .filter(each -> packageOf(each).equals(name))
                .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
                .map(Dependency::getTargetClass)
                .map(JavaClass::getBaseComponentType)
                .filter(each -> each.getPackageName().startsWith(BASE))
                .map(ArchitectureTest::packageOf)
                .filter(each -> !each.equals(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> usersOf(Predicate<String> library) {
        return CLASSES.stream()
                .filter(each -> each.getDirectDependenciesFromSelf().stream()
                        .anyMatch(to -> library.test(
                                to.getTargetClass().getBaseComponentType().getName())))
                .map(ArchitectureTest::packageOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String packageOf(JavaClass each) {
        return each.getPackageName().substring(BASE.length());
    }
}
