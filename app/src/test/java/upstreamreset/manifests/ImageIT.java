// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.KubeApiServer;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.SignalledProcess;

/** The image runs as the manifests run it: what is in the tar is unpacked and started, by its own configuration. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("root")
class ImageIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern LISTENING = Pattern.compile("Listening on http://\\S+:(\\d+)");
    private static final String POD = "http-chunked-0";

    private final Yaml pod = Yaml.all(Repository.text("manifests/base/statefulset.yaml"))
            .getFirst()
            .object("spec", "template", "spec");
    private final Yaml container = pod.object("containers", 0);

    @TempDir
    private Path folder;

    private Image image;

    @BeforeAll
    void buildIt(@TempDir Path work) {
        image = Image.build(work);
    }

    @Test
    void itHoldsTheJarThatIsTestedAndNoShell() throws Exception {
        assertThat(image.root().resolve("app/classpath/upstream-reset.jar")).hasSameBinaryContentAs(RealParts.jar());
        assertThat(image.files())
                .contains("/opt/java/bin/java", "/app/archive/serve.aot")
                .noneMatch(file -> file.matches(".*/(ba|da|a|z|k)?sh|.*/busybox|.*/toybox|.*/perl|.*/python.*"));
    }

    @Test
    void itSaysWhereItComesFromAndRunsAsTheManifestsSay() {
        assertThat(image.labels())
                .containsEntry("org.opencontainers.image.licenses", "Apache-2.0")
                .containsOnlyKeys(
                        "org.opencontainers.image.licenses",
                        "org.opencontainers.image.revision",
                        "org.opencontainers.image.source",
                        "org.opencontainers.image.title");
        assertThat(image.labels().get("org.opencontainers.image.revision")).matches("[0-9a-f]{40}(-dirty)?|unknown");
        assertThat(image.user())
                .isEqualTo(pod.text("securityContext", "runAsUser") + ":" + pod.text("securityContext", "runAsGroup"));
        assertThat(image.arguments()).isEqualTo(container.texts("args"));
        assertThat(image.config().path("ExposedPorts").propertyNames())
                .containsExactly(container.text("ports", 0, "containerPort") + "/tcp");
    }

    @Test
    void itServesWithoutAnyRightOnAReadOnlyRootAndEndsCleanly() throws Exception {
        try (var process = serve(Map.of("PERIOD", "1ms"), List.of())) {
            int port = port(process);
            assertThat(ask(port, "/ready")).startsWith("HTTP/1.1 200 ");
            assertThat(ask(port, "/health")).startsWith("HTTP/1.1 200 ");
            assertThat(ask(port, "/metrics")).startsWith("HTTP/1.1 200 ");
            assertThat(ask(port, "/scenarios")).startsWith("HTTP/1.1 200 ");
            assertThat(ask(port, "/correct"))
                    .containsOnlyOnce("Transfer-Encoding")
                    .endsWith("\r\n0\r\n\r\n");
            assertThat(ask(port, "/wrong"))
                    .contains("Transfer-Encoding: Chunked\r\nTransfer-Encoding: chunked\r\n")
                    .endsWith("\r\n0\r\n\r\n");

            assertThat(status(process, "Uid")).isEqualTo("65532\t65532\t65532\t65532");
            assertThat(status(process, "Gid")).isEqualTo("65532\t65532\t65532\t65532");
            assertThat(status(process, "Groups")).isEqualTo("65532");
            assertThat(status(process, "CapEff")).isEqualTo("0000000000000000");
            assertThat(status(process, "NoNewPrivs")).isEqualTo("1");
            assertThat(proc(process, "mountinfo").lines())
                    .anyMatch(line -> line.matches("\\S+ \\S+ \\S+ \\S+ / ro\\b.*"));
            // The archive was taken: it is mapped.
            assertThat(proc(process, "maps")).contains("/app/archive/serve.aot");

            process.signal("TERM");
            assertThat(process.awaitExit(40)).isZero();
            assertThat(Files.readString(process.log()))
                    .contains("serving without an election")
                    .doesNotContain("[warning]", "[error]", "Exception", "java/");
        }
    }

    @Test
    void itHasNoJavaDesktopAndItsOtherCommandsRunWithoutIt() {
        assertThat(output(0, "java", "--list-modules")).contains("java.base@").doesNotContain("java.desktop");
        assertThat(output(0, inJar("scenarios", "wrong", "--output", "json"))).contains("\"name\"");
        var line = "[2026-01-01T00:00:00.000Z] \"GET /wrong HTTP/1.1\" 502 UPE"
                + " upstream_reset_before_response_started{protocol_error} - \"-\" 0 87 4 - \"-\" \"curl\" \"id\""
                + " \"http-chunked:8080\" \"127.0.0.1:8080\" inbound|8080|| 127.0.0.6:1 127.0.0.1:8080 127.0.0.1:2 - default";
        assertThat(output(1, inJar("explain", "--output", "json", line))).contains("\"UPE\"");
        // What needs a shell or an Envoy says where it works.
        for (var command : List.of(
                List.of("reproduce"),
                List.of("reproduce", "--envoy", "/opt/java/bin/java"),
                List.of("sidecar", "localhost:1"))) {
            assertThat(output(3, inJar(command.toArray(String[]::new))))
                    .contains("the app's own image has none: there explain, inspect, probe and scenarios work")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    @Tag("kube")
    void inAPodItIsElectedAndGivesTheLeaseBackOnSigterm() throws Exception {
        try (var server = KubeApiServer.start()) {
            // Given
            Lab.install(server);
            var account = Files.createDirectory(folder.resolve("serviceaccount"));
            Files.writeString(account.resolve("token"), server.podToken("default", "http-chunked", POD));
            Files.copy(server.certificate(), account.resolve("ca.crt"));
            Files.writeString(account.resolve("namespace"), "default");
            var environment = new HashMap<>(Map.of(
                    "KUBERNETES_SERVICE_HOST", URI.create(server.url()).getHost(),
                    "KUBERNETES_SERVICE_PORT",
                            Integer.toString(URI.create(server.url()).getPort()),
                    "HOSTNAME", POD,
                    "POD_NAMESPACE", "default",
                    "POD_UID", server.run("get", "pod", POD, "-o", "jsonpath={.metadata.uid}"),
                    "LEASE_DURATION", "3",
                    "RENEWAL_DEADLINE", "2",
                    "RETRY_PERIOD", "0.5",
                    "MESH_URL", "http://127.0.0.1:1",
                    "PERIOD", "1ms"));
            // When
            var mounts = List.of(new Image.Mount(account, "/var/run/secrets/kubernetes.io/serviceaccount"));
            try (var process = serve(environment, mounts)) {
                // Then
                awaitSaid(process, "Became leader: " + POD);
                awaitSaid(process, "Performing leader tasks...");
                awaitSaid(process, "Service http-chunked-leader points at pod=" + POD);
                assertThat(lease(server)).isEqualTo(POD + "_" + environment.get("POD_UID"));
                assertThat(ask(port(process), "/")).contains("\"leader\": \"" + POD + "\"");

                process.signal("TERM");
                assertThat(process.awaitExit(40)).isZero();
                assertThat(lease(server)).isEmpty();
                assertThat(Files.readString(process.log()))
                        .contains("Lease http-chunked-leader released")
                        .doesNotContain("Exception", "NoClassDefFound", "java.beans");
            }
        }
    }

    private static String lease(KubeApiServer server) {
        return server.run("get", "lease", "http-chunked-leader", "-o", "jsonpath={.spec.holderIdentity}");
    }

    /** Starts what the image starts by itself, on a port of its own. */
    private SignalledProcess serve(Map<String, String> pod, List<Image.Mount> mounts) throws IOException {
        var environment = new HashMap<>(pod);
        environment.put("PORT", "0");
        var command = new ArrayList<>(image.entrypoint());
        command.addAll(image.arguments());
        return image.start(Files.createTempFile(folder, "serve", ".log"), environment, mounts, command);
    }

    /** The image's entrypoint with these arguments. */
    private String[] inJar(String... arguments) {
        var command = new ArrayList<>(image.entrypoint());
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }

    private String output(int exitCode, String... command) {
        try {
            var log = Files.createTempFile(folder, "run", ".log");
            try (var process = image.start(log, Map.of(), List.of(), List.of(command))) {
                assertThat(process.awaitExit(60)).as(Files.readString(log)).isEqualTo(exitCode);
            }
            return Files.readString(log);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitSaid(SignalledProcess process, String part) {
        await("\"" + part + "\" in " + process.log())
                .atMost(SOON)
                .until(() -> Files.readString(process.log()).contains(part));
    }

    private static int port(SignalledProcess process) throws IOException {
        awaitSaid(process, "Listening on ");
        var match = LISTENING.matcher(Files.readString(process.log()));
        assertThat(match.find()).isTrue();
        return Integer.parseInt(match.group(1));
    }

    private static String ask(int port, String path) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                            .formatted(path)
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String proc(SignalledProcess process, String file) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
    }

    private static String status(SignalledProcess process, String field) throws IOException {
        return proc(process, "status")
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }
}
