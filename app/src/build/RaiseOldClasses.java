// SPDX-License-Identifier: Apache-2.0

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Rewrites a jar's class files that are older than Java 6 as Java 8's, with stack maps, so that the JVM's ahead-of-time cache
 * takes them: it leaves such classes out (HotSpot, systemDictionaryShared.cpp, "Pre JDK 6 class not supported by CDS"), and
 * picocli's are Java 5's. They are the same classes otherwise; order and times of the entries stay.
 *
 * <p>Run by the build on the packaged jar: {@code java RaiseOldClasses.java JAR}.
 */
final class RaiseOldClasses {
    private static final int JAVA_6 = 50;
    private static final int JAVA_8 = 52;

    private RaiseOldClasses() {}

    public static void main(String... args) throws IOException {
        var jar = Path.of(args[0]);
        var raised = new ByteArrayOutputStream();
        try (var in = new ZipFile(jar.toFile());
                var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                var out = new ZipOutputStream(raised)) {
            // What two branches of a method join to is looked up among the jar's classes, then the JDK's.
            var classes = ClassFile.of(
                    StackMapsOption.GENERATE_STACK_MAPS,
                    ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)
                            .orElse(ClassHierarchyResolver.defaultResolver())));
            for (var entry : in.stream().toList()) {
                var bytes = in.getInputStream(entry).readAllBytes();
                var copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                out.write(entry.getName().endsWith(".class") && version(bytes) < JAVA_6 ? raise(classes, bytes) : bytes);
                out.closeEntry();
            }
        }
        Files.write(jar, raised.toByteArray());
    }

    /** The major version: JVMS 4.1. */
    private static int version(byte[] bytes) {
        return (bytes[6] & 0xff) << 8 | bytes[7] & 0xff;
    }

    private static byte[] raise(ClassFile classes, byte[] bytes) {
        // Only a method body that passes through a transform gets its stack maps made.
        var bodies = ClassTransform.transformingMethodBodies((code, element) -> code.with(element));
        return classes.transformClass(classes.parse(bytes), bodies.andThen((builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(JAVA_8, 0);
            } else {
                builder.with(element);
            }
        }));
    }
}
