// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.SignalledProcess;

/**
 * The image as {@code scripts/image} writes it, unpacked; what runs in it has the root, the user and the environment that its
 * configuration says, and the read-only root that the manifests demand.
 */
record Image(Path root, JsonNode config) {
    private static final JsonMapper JSON = new JsonMapper();

    /** Mounts what a container runtime mounts, in a namespace that ends with the process: $1 is the root, then pairs up to --. */
    private static final String ENTER = """
            root=$1; shift
            mount --bind "$root" "$root"
            mount --rbind /proc "$root/proc"
            mount --rbind /dev "$root/dev"
            while [ "$1" != -- ]; do
              mount --bind "$1" "$root$2"
              mount -o remount,bind,ro "$root$2"
              shift 2
            done
            shift
            mount -o remount,bind,ro "$root"
            exec "$@"
            """;

    /** A folder of ours that stands in the image's root, read-only. */
    record Mount(Path folder, String at) {}

    /** Builds it of the jar that lies there, and unpacks its layers in their order. */
    static Image build(Path folder, String... options) {
        if (!mayEnter()) {
            throw RealParts.missing(
                    "the right to mount and chroot: the image is unpacked and run by root on Linux only");
        }
        RealParts.jar();
        var tar = folder.resolve("image.tar");
        var command = new ArrayList<>(List.of(
                Repository.path("scripts/image").toString(), "--base", "jlink", "--tar", tar.toString(), "--no-build"));
        command.addAll(List.of(options));
        run(folder, command);
        try {
            var parts = Files.createDirectory(folder.resolve("parts"));
            run(folder, List.of("tar", "-xf", tar.toString(), "-C", parts.toString()));
            var manifest = JSON.readTree(Files.readString(parts.resolve("manifest.json")))
                    .path(0);
            var root = Files.createDirectory(folder.resolve("root"));
            for (var layer : manifest.path("Layers")) {
                run(
                        folder,
                        List.of(
                                "tar",
                                "--warning=no-unknown-keyword",
                                "-xpf",
                                parts.resolve(layer.asString()).toString(),
                                "-C",
                                root.toString()));
            }
            var config = JSON.readTree(
                    Files.readString(parts.resolve(manifest.path("Config").asString())));
            return new Image(root, config.path("config"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String user() {
        return config.path("User").asString();
    }

    List<String> entrypoint() {
        return texts("Entrypoint");
    }

    List<String> arguments() {
        return texts("Cmd");
    }

    List<String> texts(String field) {
        return config.path(field).values().stream().map(JsonNode::asString).toList();
    }

    Map<String, String> labels() {
        var labels = new TreeMap<String, String>();
        config.path("Labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asString()));
        return labels;
    }

    /** All files but folders, as they are named in the image. */
    List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> !Files.isDirectory(file))
                    .map(file -> "/" + root.relativize(file))
                    .toList();
        }
    }

    /** Starts a command in it; {@code environment} is what the Pod adds to the image's. */
    SignalledProcess start(Path log, Map<String, String> environment, List<Mount> mounts, List<String> command) {
        var program = new ArrayList<>(
                List.of("unshare", "--mount", "--propagation", "private", "bash", "-ec", ENTER, "enter"));
        program.add(root.toString());
        try {
            Files.createDirectories(root.resolve("proc"));
            Files.createDirectories(root.resolve("dev"));
            for (var mount : mounts) {
                Files.createDirectories(root.resolve(mount.at().substring(1)));
                program.addAll(List.of(mount.folder().toString(), mount.at()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        program.addAll(List.of("--", "env", "-i"));
        program.addAll(texts("Env"));
        environment.forEach((name, value) -> program.add(name + "=" + value));
        program.addAll(List.of(
                RealParts.program("setpriv").toString(),
                "--no-new-privs",
                RealParts.program("chroot").toString(),
                "--userspec=" + user(),
                "--groups=" + user().split(":", -1)[1],
                root.toString()));
        program.addAll(command);
        return SignalledProcess.start(log, Map.of(), program);
    }

    private static boolean mayEnter() {
        try {
            var process = new ProcessBuilder("unshare", "--mount", "chroot", "/", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs it to its end; what it leaves is in {@code folder}. */
    static void run(Path folder, List<String> command) {
        try {
            var log = Files.createTempFile(folder, "run", ".log");
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("TMPDIR", folder.toString());
            var process = builder.start();
            try {
                if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
                    throw new AssertionError(command + ":\n" + Files.readString(log));
                }
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", e);
        }
    }
}
