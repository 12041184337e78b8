// SPDX-License-Identifier: Apache-2.0
package upstreamreset;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
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
import upstreamreset.cli.Main;

/**
 * The package rules of ARCHITECTURE.md. The packages and what they use are read from the classes: a package without a rule
 * fails, so does a use that no rule permits, and so does a permission that nobody uses.
 */
class ArchitectureTest {
    private static final String BASE = "upstreamreset.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation());

    /** Package: the packages of ours that it uses, from the ground up. */
    private static final Map<String, Set<String>> USES = rules("""
            wire:
            output: wire
            process: wire
            http1: wire
            tcp: wire
            protocol: http1
            capture: output tcp wire
            accesslog: wire
            framework: http1 wire
            verdict: accesslog framework http1 output wire
            codec: http1 http2 verdict wire
            scrap: accesslog http1 verdict wire
            explain: accesslog http1 output scrap verdict wire
            http2: http1 wire
            page: accesslog framework http1 output verdict wire
            inspect: capture codec framework http1 http2 output page protocol tcp verdict wire
            scenario: codec http1 output verdict wire
            origin: http1 http2 scenario wire
            envoy.install: output process wire
            envoy: accesslog envoy.install http1 output process scenario wire
            kubernetes: output wire
            pod: http1 kubernetes output wire
            election: kubernetes output wire
            election.kubernetes: election kubernetes output
            site: election http1 output page scenario verdict wire
            server: election http2 origin output page scenario site wire
            probe: accesslog codec envoy envoy.install framework http1 origin output scenario verdict wire
            lab: accesslog envoy envoy.install framework http1 inspect origin output page scenario server tcp verdict wire
            sidecar: accesslog codec envoy envoy.install framework http1 inspect lab output page process scenario tcp verdict wire
            matrix: envoy.install http1 lab origin output page process scenario server site verdict wire
            diagnose: accesslog codec explain http1 kubernetes output page pod probe verdict wire
            cli: accesslog capture codec diagnose election election.kubernetes envoy envoy.install explain framework inspect kubernetes
                 lab matrix output page pod probe scenario server sidecar tcp wire
            """);

    /** The start of a library's package names → the packages of ours that use it. */
    private static final Map<String, Set<String>> LIBRARIES = Map.of(
            "picocli.", Set.of("cli"),
            "io.undertow.", Set.of("http2", "server"),
            "org.xnio.", Set.of("server"),
            "io.prometheus.", Set.of("server"),
            "io.fabric8.", Set.of("election.kubernetes", "kubernetes"),
            "tools.jackson.",
                    Set.of(
                            "accesslog",
                            "diagnose",
                            "election.kubernetes",
                            "envoy",
                            "kubernetes",
                            "output",
                            "pod",
                            "scenario"));

    @Test
    void everyPackageHasARuleAndEveryRuleAPackage() {
        assertThat(USES.keySet()).isEqualTo(packages());
    }

    @TestFactory
    List<DynamicTest> aPackageUsesExactlyWhatItsRulePermits() {
        return packages().stream()
                .map(name -> DynamicTest.dynamicTest(
                        name, () -> assertThat(usedBy(name)).isEqualTo(USES.get(name))))
                .toList();
    }

    @TestFactory
    List<DynamicTest> aLibraryIsUsedExactlyWhereItsRulePermits() {
        return new TreeMap<>(LIBRARIES)
                .entrySet().stream()
                        .map(entry -> DynamicTest.dynamicTest(
                                entry.getKey(),
                                () -> assertThat(usersOf(name -> name.startsWith(entry.getKey())))
                                        .isEqualTo(entry.getValue())))
                        .toList();
    }

    /** docs/performance.md says what an annotation that picocli reads costs at each start. */
    @Test
    void noOptionIsAnAnnotation() {
        assertThat(usersOf(name -> name.matches("picocli\\.CommandLine\\$(Command|Option|Parameters|Mixin|Spec)")))
                .isEmpty();
    }

    /** fabric8's own port-forward listens on all interfaces of this machine: who is in its network reaches the Pod. */
    @Test
    void noPortForwardOpensALocalPort() {
        assertThat(usersOf(name -> name.startsWith("io.fabric8.kubernetes.client.dsl.")
                        || name.startsWith("io.fabric8.kubernetes.client.PortForward")
                        || name.startsWith("io.fabric8.kubernetes.client.LocalPortForward")))
                .isEmpty();
        assertThat(usersOf(name -> name.matches("java[.]n(et[.]ServerSocket|io[.]channels[.]ServerSocketChannel)")))
                .doesNotContain("kubernetes", "pod", "diagnose");
    }

    @Test
    void thePackagesHaveNoCycles() {
        slices().matching("upstreamreset.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** One rule a line; a line that begins with white space continues the one before. */
    private static Map<String, Set<String>> rules(String text) {
        return text.replaceAll("\\n ", " ")
                .lines()
                .map(line -> line.split(":", 2))
                .collect(Collectors.toMap(
                        rule -> rule[0],
                        rule -> new TreeSet<>(
                                rule[1].isBlank()
                                        ? Set.of()
                                        : Set.of(rule[1].strip().split("\\s+")))));
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
