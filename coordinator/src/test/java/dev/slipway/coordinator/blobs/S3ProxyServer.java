package dev.slipway.coordinator.blobs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// s3proxy, a real S3-compatible server, in a process of its own on a free port, with its objects
/// as files. The coordinator's pom puts its jars into `target/s3proxy`, apart from the product's.
public final class S3ProxyServer {
    private static final Path JARS = Path.of("target", "s3proxy");
    private static final Pattern LISTENS = Pattern.compile("\\{127\\.0\\.0\\.1:(\\d+)}");
    private static final String BUCKET = "farm-blobs";

    private final Path folder;
    private final Process process;
    private final int port;

    private S3ProxyServer(Path folder, Process process, int port) {
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    /// Makes a bucket, and starts.
    public static S3ProxyServer start(Path folder) throws IOException {
        if (!Files.isDirectory(JARS)) {
            throw new IllegalStateException(
                    JARS.toAbsolutePath()
                            + " is missing: ./mvnw -pl coordinator pre-integration-test");
        }
        Files.createDirectories(folder.resolve("buckets").resolve(BUCKET));
        Files.writeString(
                folder.resolve("credentials"),
                """
                [default]
                aws_access_key_id = slipway
                aws_secret_access_key = try-me
                """);
        Path settings =
                Files.writeString(
                        folder.resolve("s3proxy.conf"),
                        """
                        s3proxy.endpoint=http://127.0.0.1:0
                        s3proxy.authorization=aws-v4
                        s3proxy.identity=slipway
                        s3proxy.credential=try-me
                        jclouds.provider=filesystem-nio2
                        jclouds.filesystem.basedir=%s
                        """
                                .formatted(folder.resolve("buckets")));
        Path logging =
                Files.writeString(
                        folder.resolve("logback.xml"),
                        """
                        <configuration>
                          <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                            <encoder><pattern>%level %msg%n</pattern></encoder>
                          </appender>
                          <root level="INFO"><appender-ref ref="out"/></root>
                        </configuration>
                        """);
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx256m",
                                "-Dlogback.configurationFile=" + logging,
                                "-cp",
                                JARS.toAbsolutePath() + "/*",
                                "org.gaul.s3proxy.Main",
                                "--properties",
                                settings.toString())
                        .redirectErrorStream(true)
                        .start();
        return new S3ProxyServer(folder, process, port(process));
    }

    private static int port(Process process) throws IOException {
        var said = new StringBuilder();
        var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append('\n');
            Matcher listens = LISTENS.matcher(line);
            if (listens.find()) {
                Thread.ofVirtual().start(() -> drain(lines));
                return Integer.parseInt(listens.group(1));
            }
        }
        throw new IllegalStateException("s3proxy ended at once:\n" + said);
    }

    private static void drain(BufferedReader lines) {
        try {
            while (lines.readLine() != null) {
                // A full pipe would stop the server.
            }
        } catch (IOException ended) {
            // With the server.
        }
    }

    /// For `--blobs`.
    public String location(String prefix) {
        return "s3://%s/%s?endpoint=http://127.0.0.1:%d&path-style=true"
                .formatted(BUCKET, prefix, port);
    }

    /// For `--blobs-credentials`.
    public Path credentials() {
        return folder.resolve("credentials");
    }

    /// Where the objects are as files.
    public Path bucket() {
        return folder.resolve("buckets").resolve(BUCKET);
    }

    public void stop() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("s3proxy does not end: " + process.pid());
        }
    }
}
