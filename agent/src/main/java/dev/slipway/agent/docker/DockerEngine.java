package dev.slipway.agent.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;

import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The connection to a Docker engine, as `DOCKER_HOST` or the usual socket names it. Any thread may
/// use it.
public final class DockerEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DockerEngine.class);
    private static final String DEFAULT_HOST = "unix:///var/run/docker.sock";
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /// How long it may take to say that it is there: agents do not start before.
    private static final Duration PROBE = Duration.ofSeconds(5);

    /// How long it may take to begin its answer to a call that is not meant to wait.
    private static final Duration SILENCE = Duration.ofMinutes(2);

    /// Followed logs and waits hold a connection each.
    private static final int MAX_CONNECTIONS = 400;

    private final DockerClient client;
    private final DockerClient patient;
    private final String host;
    private final String version;
    private final Timers timers;

    private DockerEngine(
            DockerClient client, DockerClient patient, String host, String version, Timers timers) {
        this.timers = timers;
        this.client = client;
        this.patient = patient;
        this.host = host;
        this.version = version;
    }

    /// Looks for an engine that answers.
    ///
    /// @param environment the agent's: `DOCKER_HOST`, `DOCKER_TLS_VERIFY`, `DOCKER_CERT_PATH`
    /// @return empty when there is none; why is in the agent's log
    public static Optional<DockerEngine> find(
            Map<String, String> environment, Timers timers, Threads threads) {
        String host = environment.getOrDefault("DOCKER_HOST", "");
        if (host.isBlank()) {
            host = DEFAULT_HOST;
        }
        if (host.startsWith("unix://") && !Files.exists(Path.of(host.substring(7)))) {
            return Optional.empty();
        }
        try {
            var config = config(host, environment);
            Version said;
            try (DockerClient probe = bounded(config, PROBE, timers, threads)) {
                said = probe.versionCmd().exec();
            }
            return Optional.of(
                    new DockerEngine(
                            bounded(config, SILENCE, timers, threads),
                            DockerClientImpl.getInstance(config, transport(config)),
                            host,
                            Optional.ofNullable(said.getVersion()).orElse("unknown"),
                            timers));
        } catch (IOException | RuntimeException problem) {
            LOG.info(
                    "No Docker engine answers, so this agent takes no jobs that need one. host={}"
                            + " why={}",
                    host,
                    problem.getMessage());
            return Optional.empty();
        }
    }

    private static DefaultDockerClientConfig config(String host, Map<String, String> environment) {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(host);
        String verify = environment.getOrDefault("DOCKER_TLS_VERIFY", "");
        String certificates = environment.getOrDefault("DOCKER_CERT_PATH", "");
        if (!verify.isBlank() && !certificates.isBlank()) {
            config.withDockerTlsVerify(true).withDockerCertPath(certificates);
        }
        return config.build();
    }

    private static DockerClient bounded(
            DefaultDockerClientConfig config, Duration silence, Timers timers, Threads threads) {
        return DockerClientImpl.getInstance(
                config, new BoundedHttpClient(transport(config), silence, timers, threads));
    }

    private static DockerHttpClient transport(DefaultDockerClientConfig config) {
        return new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .maxConnections(MAX_CONNECTIONS)
                .connectionTimeout(CONNECT)
                .build();
    }

    /// For calls that answer soon.
    public DockerClient client() {
        return client;
    }

    /// For calls that may be silent for hours: waiting for a container, following its output.
    public DockerClient patient() {
        return patient;
    }

    /// What the agent offers because of it: `docker`, and `docker-20.10` for the version.
    public List<String> labels() {
        String[] numbers = version.split("[^0-9]+");
        return numbers.length >= 2 && !numbers[0].isEmpty()
                ? List.of("docker", "docker-" + numbers[0] + "." + numbers[1])
                : List.of("docker");
    }

    /// Where it is, as `DOCKER_HOST` writes it.
    public String host() {
        return host;
    }

    Timers timers() {
        return timers;
    }

    /// The engine's version, for example `20.10.24+dfsg1`.
    public String version() {
        return version;
    }

    /// The socket's file, when the engine listens on one of this machine.
    public Optional<Path> socket() {
        return host.startsWith("unix://")
                ? Optional.of(Path.of(host.substring("unix://".length())))
                : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        try (client;
                patient) {
            LOG.debug("Leaving the Docker engine. host={}", host);
        }
    }
}
