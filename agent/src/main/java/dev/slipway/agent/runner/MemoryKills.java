package dev.slipway.agent.runner;

import dev.slipway.agent.docker.DockerException;
import dev.slipway.agent.docker.Execs;
import dev.slipway.expression.Value;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// How often the kernel has killed a process of the job's container for the container's memory. The
/// kernel counts in the container's control group; the engine knows of the main process only.
final class MemoryKills {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryKills.class);
    private static final String KEY = "containers/memory-kills";

    /// Control groups of version 2, then of version 1.
    private static final String COUNT =
            """
            cd /sys/fs/cgroup || exit 0
            for file in memory.events memory/memory.oom_control; do
                [ ! -r "$file" ] || grep '^oom_kill ' "$file"
            done
            exit 0
            """;

    private MemoryKills() {}

    /// Whether there were some since the last question. False when the container cannot be asked.
    static boolean any(JobRuntime job) {
        if (!job.containers().inContainer() || job.machine().docker().isEmpty()) {
            return false;
        }
        long kills = count(job);
        // What the checkpoint holds once never changes, so each count has a key of its own.
        String key = KEY + "/" + kills;
        if (kills == 0 || job.checkpoint().recall(key).isPresent()) {
            return false;
        }
        job.checkpoint().record(key, Value.of(true));
        return true;
    }

    private static long count(JobRuntime job) {
        try {
            Optional<Execs.Result> said =
                    job.machine()
                            .docker()
                            .orElseThrow()
                            .execs()
                            .run(job.containers().id(), List.of("sh", "-c", COUNT));
            return said.stream()
                    .flatMap(result -> result.output().lines())
                    .filter(line -> line.matches("oom_kill \\d{1,18}"))
                    .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
                    .sum();
        } catch (DockerException silent) {
            LOG.warn(
                    "The engine does not say whether a step lacked memory. job={} why={}",
                    job.trackingId(),
                    silent.getMessage());
            return 0;
        } catch (IOException interrupted) {
            LOG.debug("Interrupted while a container was asked. job={}", job.trackingId());
            return 0;
        }
    }
}
