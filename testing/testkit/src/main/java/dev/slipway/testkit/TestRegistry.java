package dev.slipway.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Debian's `docker-registry` in a process of its own, on a free port of loopback. Engines trust
/// registries on 127.0.0.1 without TLS, and with any certificate.
public final class TestRegistry implements AutoCloseable {
    public static final String USER = "ci";
    public static final String PASSWORD = "let-me-push";

    /// Of the password, as `htpasswd -nbBC 5` makes it.
    private static final String HASH =
            "$2y$05$QmfUL4hj3FLOqH.AF2sYt.JIQGSZ9V6Qnq6UaQrfcsPriLGxUL8RC";

    private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");
    private static final Pattern LISTENING =
            Pattern.compile("listening on (?:127\\.0\\.0\\.1):([0-9]+)");

    private final Process process;
    private final String address;

    private TestRegistry(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /// Skips the calling test, and says why, when the program is not there.
    public static void require() {
        Assumptions.assumeTrue(
                Files.isExecutable(PROGRAM),
                "no /usr/bin/docker-registry: pushing images is not tried. Install Debian's"
                        + " docker-registry (.ci/run does it as root)");
    }

    public static TestRegistry open(Path folder) throws IOException, InterruptedException {
        return start(folder, "");
    }

    /// With TLS, and for one user only.
    public static TestRegistry guarded(Path folder) throws Exception {
        Files.createDirectories(folder);
        certificate(folder);
        return start(
                folder,
                """
                  tls:
                    certificate: %1$s/cert.pem
                    key: %1$s/key.pem
                """
                                .formatted(folder)
                        + oneUser(folder));
    }

    /// For one user only. Without TLS an engine says what the registry said: with it, an engine
    /// that trusts any registry on loopback tries plain HTTP after a refusal, and says how that
    /// failed.
    public static TestRegistry guardedWithoutTls(Path folder)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        return start(folder, oneUser(folder));
    }

    private static String oneUser(Path folder) throws IOException {
        Files.writeString(folder.resolve("htpasswd"), USER + ":" + HASH + "\n");
        return """
        auth:
          htpasswd:
            realm: test
            path: %s/htpasswd
        """
                .formatted(folder);
    }

    private static void certificate(Path folder) throws Exception {
        Path store = folder.resolve("keys.p12");
        var keytool =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin/keytool")
                                                .toString(),
                                        "-genkeypair",
                                        "-alias",
                                        "registry",
                                        "-keyalg",
                                        "EC",
                                        "-dname",
                                        "CN=127.0.0.1",
                                        "-ext",
                                        "san=ip:127.0.0.1",
                                        "-keystore",
                                        store.toString(),
                                        "-storetype",
                                        "PKCS12",
                                        "-storepass",
                                        "changeit"))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.log").toFile())
                        .start();
        if (keytool.waitFor() != 0) {
            throw new IOException(Files.readString(folder.resolve("keytool.log")));
        }
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        pem(
                folder.resolve("cert.pem"),
                "CERTIFICATE",
                keys.getCertificate("registry").getEncoded());
        pem(
                folder.resolve("key.pem"),
                "PRIVATE KEY",
                keys.getKey("registry", "changeit".toCharArray()).getEncoded());
    }

    private static void pem(Path file, String kind, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind));
    }

    private static TestRegistry start(Path folder, String more)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path configuration = folder.resolve("registry.yml");
        Files.writeString(
                configuration,
                """
                version: 0.1
                log: {level: info}
                storage:
                  filesystem: {rootdirectory: %s/data}
                http:
                  addr: 127.0.0.1:0
                """
                                .formatted(folder)
                        + more);
        Process process =
                new ProcessBuilder(PROGRAM.toString(), "serve", configuration.toString())
                        .redirectErrorStream(true)
                        .start();
        var log = new StringBuilder();
        var lines = process.inputReader(UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            log.append(line).append('\n');
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Thread.ofVirtual().start(() -> lines.lines().forEach(ignored -> {}));
                return new TestRegistry(process, "127.0.0.1:" + listening.group(1));
            }
        }
        process.waitFor();
        throw new IOException("docker-registry has ended:\n" + log);
    }

    /// `127.0.0.1:43125`
    public String address() {
        return address;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException asked) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
