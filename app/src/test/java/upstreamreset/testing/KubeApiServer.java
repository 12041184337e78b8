// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real etcd and kube-apiserver on loopback, with RBAC, admission and service-account tokens; no controllers and no
 * kubelet, so a Pod is only an object and nobody makes the ServiceAccount {@code default}.
 *
 * <p>Over 300 lines, because starting, freezing, killing and restarting the two share one set of ports and folders.
 */
public final class KubeApiServer implements AutoCloseable {
    private static final String ADMIN_TOKEN = UUID.randomUUID().toString();

    private static @Nullable KubeApiServer shared;

    private final Path assets;
    private final Path folder;
    private final Kubectl kubectl;
    private final int etcdPort;
    private final int peerPort;
    private final int port;
    private SignalledProcess etcd;
    private SignalledProcess apiServer;

    private KubeApiServer(Path assets, Path folder) {
        this.assets = assets;
        this.folder = folder;
        this.kubectl = new Kubectl(assets.resolve("kubectl"), folder.resolve("admin.kubeconfig"), folder);
        // Whoever starts again must find the same ones.
        etcdPort = FreePort.find();
        peerPort = FreePort.find();
        port = FreePort.find();
        write("service-account.key", privateKey());
        kubeconfig("admin", ADMIN_TOKEN, "default");
        write("tokens.csv", ADMIN_TOKEN + ",admin,admin,system:masters\n");
        etcd = launchEtcd();
        apiServer = launchApiServer();
    }

    /** The one that all tests of this JVM share; for tests that break nothing. */
    public static synchronized KubeApiServer shared() {
        var server = shared;
        if (server == null) {
            server = start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "end of the shared kube-apiserver"));
            shared = server;
        }
        return server;
    }

    /** One of the caller's own, to stop and to freeze. Skips the test (fails it in CI) where the programs are missing. */
    public static KubeApiServer start() {
        for (int attempt = 1; ; attempt++) {
            var server = launch();
            try {
                server.awaitReady();
                return server;
            } catch (RuntimeException | Error e) {
                boolean died = !server.apiServer.isAlive() || !server.etcd.isAlive();
                server.close();
                // Someone may have taken a port that was free.
                if (!died || attempt == 3) {
                    throw e;
                }
            }
        }
    }

    private static KubeApiServer launch() {
        try {
            return new KubeApiServer(assets(), Files.createTempDirectory("kube-apiserver"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path assets() {
        var set = System.getenv("KUBEBUILDER_ASSETS");
        if (set != null) {
            return Path.of(set);
        }
        var cache = System.getenv("XDG_CACHE_HOME");
        var kube = (cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache))
                .resolve("upstream-reset/kube");
        try (var versions = Files.isDirectory(kube) ? Files.list(kube) : Stream.<Path>empty()) {
            return versions.filter(each -> Files.isExecutable(each.resolve("kube-apiserver")))
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> RealParts.missing(
                            "kube-apiserver: KUBEBUILDER_ASSETS is not set and scripts/kube-assets has not built it"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the API server listens. */
    public String url() {
        return "https://127.0.0.1:" + port;
    }

    /** What its TLS certificate is to be checked with. */
    public Path certificate() {
        return folder.resolve("certs/apiserver.crt");
    }

    /** The kubectl of the same version. */
    public Path kubectl() {
        return kubectl.program();
    }

    /** A kubeconfig with every right. */
    public Path kubeconfig() {
        return kubectl.kubeconfig();
    }

    /** A kubeconfig for one token; {@code name} names the file. */
    public Path kubeconfig(String name, String token, String namespace) {
        return write(name + ".kubeconfig", """
                apiVersion: v1
                kind: Config
                clusters:
                - name: test
                  cluster: {server: "%s", certificate-authority: "%s"}
                users:
                - name: "%s"
                  user: {token: "%s"}
                contexts:
                - name: test
                  context: {cluster: test, user: "%s", namespace: "%s"}
                current-context: test
                """.formatted(url(), certificate(), name, token, name, namespace));
    }

    /** fabric8's configuration with every right. */
    public Config adminConfig() {
        return Config.fromKubeconfig(kubeconfig().toFile());
    }

    /** A token of a ServiceAccount, which must exist. */
    public String token(String namespace, String serviceAccount) {
        return run("create", "token", serviceAccount, "-n", namespace).strip();
    }

    /** A token as the kubelet mounts it into a Pod: bound to the Pod, which must exist. */
    public String podToken(String namespace, String serviceAccount, String pod) {
        return run(
                        "create",
                        "token",
                        serviceAccount,
                        "-n",
                        namespace,
                        "--bound-object-kind=Pod",
                        "--bound-object-name=" + pod)
                .strip();
    }

    /** Applies manifests on the server side, with strict validation of fields. */
    public void apply(String manifests) {
        kubectl.checked(manifests, "apply", "--server-side", "--force-conflicts", "--validate=strict", "-f", "-");
    }

    /** Runs kubectl with every right and returns its stdout; a failure is an AssertionError. */
    public String run(String... arguments) {
        return kubectl.checked("", arguments);
    }

    /** Runs kubectl with every right; {@code input} is its stdin. */
    public Kubectl.Result kubectl(String input, String... arguments) {
        return kubectl.run(input, arguments);
    }

    /** The API server's process, to freeze (SIGSTOP), thaw (SIGCONT) or kill. */
    public SignalledProcess apiServer() {
        return apiServer;
    }

    /** etcd's process. */
    public SignalledProcess etcd() {
        return etcd;
    }

    /** Kills the API server where it still runs, and starts it on the same port; returns when it is ready. */
    public void restartApiServer() {
        apiServer.close();
        apiServer = launchApiServer();
        awaitReady();
    }

    /** Kills etcd where it still runs, and starts it on the same data; returns when the API server is ready. */
    public void restartEtcd() {
        etcd.close();
        etcd = launchEtcd();
        awaitReady();
    }

    public void awaitReady() {
        Awaitility.await("kube-apiserver to be ready; its log is " + apiServer.log())
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .failFast(() -> {
                    if (!apiServer.isAlive() || !etcd.isAlive()) {
                        throw new AssertionError("ended early: " + tail(apiServer.log()) + tail(etcd.log()));
                    }
                })
                .until(() -> kubectl("", "get", "--raw", "/readyz", "--request-timeout=5s")
                                        .exitCode()
                                == 0
                        && kubectl("", "get", "namespace", "default").exitCode() == 0);
    }

    @Override
    public void close() {
        apiServer.close();
        etcd.close();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SignalledProcess launchEtcd() {
        var client = "http://127.0.0.1:" + etcdPort;
        var peer = "http://127.0.0.1:" + peerPort;
        return SignalledProcess.start(
                folder.resolve("etcd.log"),
                Map.of(),
                List.of(
                        assets.resolve("etcd").toString(),
                        "--data-dir=" + folder.resolve("etcd"),
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=default=" + peer,
                        // A test's data may be lost with the machine.
                        "--unsafe-no-fsync"));
    }

    private SignalledProcess launchApiServer() {
        var key = folder.resolve("service-account.key");
        return SignalledProcess.start(
                folder.resolve("kube-apiserver.log"),
                Map.of(),
                List.of(
                        assets.resolve("kube-apiserver").toString(),
                        "--etcd-servers=http://127.0.0.1:" + etcdPort,
                        "--bind-address=127.0.0.1",
                        "--advertise-address=127.0.0.1",
                        "--secure-port=" + port,
                        "--cert-dir=" + folder.resolve("certs"),
                        // It refuses to publish a loopback address as its own Service's endpoint.
                        "--endpoint-reconciler-type=none",
                        "--service-cluster-ip-range=10.96.0.0/16",
                        "--authorization-mode=RBAC",
                        "--token-auth-file=" + folder.resolve("tokens.csv"),
                        "--service-account-issuer=https://kubernetes.default.svc",
                        "--service-account-key-file=" + key,
                        "--service-account-signing-key-file=" + key,
                        "--allow-privileged=true"));
    }

    private Path write(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String tail(Path log) {
        try {
            var lines = Files.readAllLines(log);
            return "\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "\n" + log + ": " + e.getMessage();
        }
    }

    private static String privateKey() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                    .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pkcs8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has RSA", e);
        }
    }
}
