// SPDX-License-Identifier: Apache-2.0
package upstreamreset;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The package rules of ARCHITECTURE.md, so that they cannot rot. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("upstreamreset");

    /** Package → the packages of ours that it may use. A package that is not here may use none. */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            Map.entry("framing", List.of("wire")),
            Map.entry("capture", List.of("wire")),
            Map.entry("scenario", List.of("wire", "framing")),
            Map.entry("diagnosis", List.of("wire", "scenario", "framing", "accesslog", "capture")),
            Map.entry("origin", List.of("wire", "framing", "scenario")),
            Map.entry("probe", List.of("wire", "framing", "diagnosis", "accesslog", "scenario", "origin", "envoy")),
            Map.entry("envoy", List.of("process")),
            Map.entry("server", List.of("wire", "scenario", "origin", "diagnosis", "leader")),
            Map.entry(
                    "lab",
                    List.of(
                            "wire",
                            "scenario",
                            "framing",
                            "accesslog",
                            "capture",
                            "diagnosis",
                            "origin",
                            "envoy",
                            "server")),
            Map.entry(
                    "matrix",
                    List.of("wire", "scenario", "framing", "process", "origin", "envoy", "server", "diagnosis", "lab")),
            Map.entry(
                    "report",
                    List.of(
                            "wire",
                            "scenario",
                            "framing",
                            "accesslog",
                            "capture",
                            "diagnosis",
                            "probe",
                            "lab",
                            "matrix",
                            "leader")));

    /** Library package → where alone it may be used. */
    private static final Map<String, List<String>> ONLY_IN = Map.of(
            "picocli..", List.of("upstreamreset.cli.."),
            "io.undertow..", List.of("upstreamreset.server.."),
            "org.xnio..", List.of("upstreamreset.server.."),
            "io.prometheus..", List.of("upstreamreset.server.."),
            "io.fabric8..", List.of("upstreamreset.leader.kubernetes.."),
            "tools.jackson..",
                    List.of(
                            "upstreamreset.envoy..",
                            "upstreamreset.accesslog..",
                            "upstreamreset.report..",
                            "upstreamreset.scenario..",
                            "upstreamreset.leader.kubernetes.."));

    @TestFactory
    List<DynamicTest> aPackageUsesOnlyWhatArchitectureAllows() {
        var packages = List.of(
                "wire",
                "scenario",
                "framing",
                "accesslog",
                "capture",
                "diagnosis",
                "origin",
                "probe",
                "envoy",
                "leader",
                "server",
                "lab",
                "process",
                "matrix",
                "report");
        return packages.stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    var forbidden = new ArrayList<>(packages);
                    forbidden.add("cli");
                    forbidden.remove(name);
                    forbidden.removeAll(MAY_USE.getOrDefault(name, List.of()));
                    noClasses()
                            .that()
                            .resideInAPackage("upstreamreset." + name + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(forbidden.stream()
                                    .map(each -> "upstreamreset." + each + "..")
                                    .toArray(String[]::new))
                            .allowEmptyShould(true)
                            .check(CLASSES);
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> aLibraryStaysInItsPackage() {
        return ONLY_IN.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(),
                        () -> noClasses()
                                .that()
                                .resideInAPackage("upstreamreset..")
                                .and()
                                .resideOutsideOfPackages(entry.getValue().toArray(String[]::new))
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(entry.getKey())
                                .allowEmptyShould(true)
                                .check(CLASSES)))
                .toList();
    }

    @Test
    void thePackagesHaveNoCycles() {
        slices().matching("upstreamreset.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
