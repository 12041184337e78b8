// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import upstreamreset.process.ProgramException;
import upstreamreset.process.Programs;
import upstreamreset.wire.Printable;

/** Decides whether a program that we did not install is an Envoy that runs here, by what {@code --version} prints. */
final class UserSuppliedEnvoy {
    /** {@code …/envoy  version: <commit>/1.40.0/Clean/RELEASE/BoringSSL}. */
    private static final Pattern VERSION = Pattern.compile("version: [0-9a-f]+/([0-9]+\\.[0-9]+\\.[0-9]+[^/\\s]*)/");

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private UserSuppliedEnvoy() {}

    /** @param named how the user named it, for the message: {@code --envoy} or {@code $ENVOY} */
    static EnvoyBinary check(Path path, String named) throws IOException, InterruptedException {
        var subject = named + " " + path;
        if (Files.notExists(path)) {
            throw new EnvoyException(subject + ": there is no such file");
        }
        if (!Files.isRegularFile(path)) {
            throw new EnvoyException(
                    subject + " is not a file that this user can reach; give the path of the envoy program itself");
        }
        if (!Files.isExecutable(path)) {
            throw new EnvoyException(subject + " cannot be executed by this user; try chmod +x, or another copy");
        }
        // Absolute, because a shell would look for a bare name on PATH.
        var program = path.toAbsolutePath();
        return new EnvoyBinary(program, version(program, subject, PATIENCE));
    }

    /** Runs {@code --version}: bounded in time and output, and ended with us. */
    static String version(Path program, String subject, Duration patience) throws IOException, InterruptedException {
        var said = answer(program, subject, patience);
        if (said.isEmpty()) {
            // A process that another thread forked while this file was written holds it open for a moment, and the
            // kernel refuses to execute it (ETXTBSY): ask once more.
            said = answer(program, subject, patience);
        }
        return versionIn(said.stream().filter(line -> !line.isBlank()).collect(Collectors.joining(" / ")), subject);
    }

    private static List<String> answer(Path program, String subject, Duration patience)
            throws IOException, InterruptedException {
        try {
            return Programs.ask(List.of(program.toString(), "--version"), patience)
                    .lines();
        } catch (ProgramException e) {
            throw new EnvoyException(
                    subject + " is not an Envoy: it did not answer --version within " + patience.toSeconds() + " s", e);
        }
    }

    private static String versionIn(String text, String subject) throws EnvoyException {
        var version = VERSION.matcher(text);
        if (version.find()) {
            return version.group(1);
        }
        if (text.contains("GLIBC_")) {
            throw new EnvoyException(subject + " needs a newer C library than this machine has ("
                    + Printable.words(text) + "); use a newer system, or an Envoy built for this one");
        }
        throw new EnvoyException(subject + " is not an Envoy that runs here: it answered --version with "
                + (text.isBlank() ? "nothing" : "\"" + Printable.words(text) + "\""));
    }
}
