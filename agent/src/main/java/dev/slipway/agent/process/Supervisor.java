package dev.slipway.agent.process;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Spawns supervisors (`supervise.sh`) and finds them again.
public final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final String RESOURCE = "supervise.sh";
    private static final int READ_BYTES = 32 * 1024;

    /// What an agent that itself runs inside a step was tagged with. Its supervisors keep the tags,
    /// so that the outer agent finds them.
    private static final List<String> OUTER_TAGS = List.of("RUNNER_TRACKING_ID", "SLIPWAY_STEP");

    /// Given to the supervisors of a job and to nothing else.
    private static final String OWN_TAG = "SLIPWAY_SUPERVISES";

    private final Path script;
    private final Tools tools;
    private final Map<String, String> environment;
    private final List<String> prefix;

    private Supervisor(
            Path script, Tools tools, Map<String, String> environment, List<String> prefix) {
        this.script = script;
        this.tools = tools;
        this.environment = environment;
        this.prefix = prefix;
    }

    /// Puts the script into `folder`. Its name holds its digest: shells read scripts bit by bit, so
    /// one that runs must not change when a newer agent is installed.
    public static Supervisor install(Path folder, Tools tools, Map<String, String> agentEnvironment)
            throws IOException {
        byte[] content;
        try (InputStream resource = Supervisor.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IOException(
                        "This build of Slipway lacks the resource " + RESOURCE + "; rebuild it.");
            }
            content = resource.readAllBytes();
        }
        Files.createDirectories(folder);
        Path script = folder.toAbsolutePath().resolve("supervise-" + digest(content) + ".sh");
        if (!Files.exists(script)) {
            Path fresh = Files.createTempFile(folder, "supervise", ".new");
            Files.write(fresh, content);
            Files.move(fresh, script, StandardCopyOption.ATOMIC_MOVE);
        }
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", tools.searchPath());
        for (String tag : OUTER_TAGS) {
            String value = agentEnvironment.get(tag);
            if (value != null) {
                environment.put(tag, value);
            }
        }
        return new Supervisor(script, tools, environment, IgnoredSignals.prefix(tools));
    }

    private static String digest(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256.", impossible);
        }
    }

    /// What to run. The numbers are explained in `supervise.sh`.
    public record Job(
            List<String> command,
            Map<String, String> environment,
            Path workingDirectory,
            long killGraceMillis,
            long unacknowledgedBytes,
            long segmentBytes) {}

    /// Starts a supervisor for a folder whose intent is on disk.
    ///
    /// @return the supervisor's process; it becomes independent, nothing must be done with it
    public Process spawn(ControlFolder folder, Intent intent, Job job) throws IOException {
        byte[] launch = launch(intent, job, tools);
        Path log = folder.path().resolve("supervisor.log");
        List<String> command = new ArrayList<>(prefix);
        command.add(tools.setsid().toString());
        command.add(tools.shell().toString());
        command.add(script.toString());
        command.add(folder.path().toString());
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.path().toFile())
                        .redirectOutput(Redirect.appendTo(log.toFile()))
                        .redirectError(Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put(OWN_TAG, intent.jobTrackingId());
        Process process = builder.start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(launch);
        } catch (IOException ended) {
            // It ended before it read its launch. How its folder looks then decides.
            LOG.warn(
                    "A supervisor ended before it was told what to run. folder={} problem={}",
                    folder.path(),
                    ended.getMessage());
        }
        return process;
    }

    /// The script; it stands for all machines and containers.
    public Path script() {
        return script;
    }

    /// What a supervisor reads on stdin.
    ///
    /// @param on the programs where it runs
    public static byte[] launch(Intent intent, Job job, Tools on) {
        Map<String, String> settings = new HashMap<>();
        settings.put("lease", intent.leaseFile().toAbsolutePath().toString());
        settings.put("grace", Long.toString(job.killGraceMillis() / 10));
        settings.put("drain", decimal(intent.drain().toMillis()));
        settings.put("budget", Long.toString(job.unacknowledgedBytes()));
        settings.put("reads", Long.toString(Math.max(1, job.segmentBytes() / READ_BYTES)));
        settings.put("step", intent.stepTrackingId());
        settings.put("cgroup", intent.controlGroup().map(Path::toString).orElse(""));
        return LaunchScript.render(
                on, settings, job.command(), job.environment(), job.workingDirectory());
    }

    private static String decimal(long millis) {
        return "%d.%03d".formatted(millis / 1000, millis % 1000);
    }

    /// The naps of a job's supervisors: watchdogs that stay for background children. Whoever has
    /// killed those ends the naps, and the watchdogs see that they can go.
    public static List<ProcessIdentity> naps(String jobTrackingId, ProcessTable table)
            throws IOException {
        String tag = OWN_TAG + "=" + jobTrackingId;
        return table.entries().stream()
                .filter(entry -> table.commandLine(entry.pid()).startsWith("sleep\0"))
                .filter(entry -> table.startedWith(entry.pid(), tag))
                .map(table::identity)
                .toList();
    }

    /// Finds the supervisor of a folder by its command line: for the moment between its claim and
    /// its identity.
    public Optional<ProcessIdentity> find(ControlFolder folder, ProcessTable table)
            throws IOException {
        String end = "\0" + folder.path() + "\0";
        for (ProcessTable.Entry entry : table.entries()) {
            String line = table.commandLine(entry.pid());
            if (line.contains("supervise-") && line.endsWith(end) && !entry.ended()) {
                return Optional.of(table.identity(entry));
            }
        }
        return Optional.empty();
    }
}
