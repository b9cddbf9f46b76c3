package dev.slipway.agent.process;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Control groups (cgroup v2) below the agent's own, one per job with one per step in it, where the
/// machine lets the agent make them: as root, or as a systemd service with `Delegate=yes`. They
/// only track; limits are not set.
public final class ControlGroups {
    private static final Logger LOG = LoggerFactory.getLogger(ControlGroups.class);
    private static final Pattern MOUNT = Pattern.compile("\\S+ (?<folder>\\S+) cgroup2 .*");

    private final Optional<Path> root;

    /// @param root the agent's own group, if it is writable
    ControlGroups(Optional<Path> root) {
        this.root = root;
    }

    /// Finds out what this machine allows.
    public static ControlGroups detect() {
        try {
            Optional<Path> own = ownGroup();
            if (own.isPresent() && usable(own.get())) {
                Path root = own.get().resolve("slipway");
                sweep(root);
                return new ControlGroups(Optional.of(root));
            }
        } catch (IOException problem) {
            LOG.debug("Control groups cannot be used.", problem);
        }
        return new ControlGroups(Optional.empty());
    }

    private static Optional<Path> ownGroup() throws IOException {
        Optional<String> mount =
                Files.readAllLines(Path.of("/proc/mounts")).stream()
                        .map(MOUNT::matcher)
                        .filter(Matcher::matches)
                        .map(matcher -> matcher.group("folder"))
                        .findFirst();
        Optional<String> path =
                Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                        .filter(line -> line.startsWith("0::/"))
                        .map(line -> line.substring("0::/".length()))
                        .findFirst();
        return mount.flatMap(folder -> path.map(own -> Path.of(folder).resolve(own)));
    }

    /// Entering a group needs write access to both ends and to what they have in common.
    private static boolean usable(Path own) throws IOException {
        Path root = own.resolve("slipway");
        if (!Files.isWritable(own.resolve("cgroup.procs"))) {
            return false;
        }
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectory(root);
            }
        } catch (IOException refused) {
            return false;
        }
        return Files.isWritable(root.resolve("cgroup.procs"));
    }

    /// Makes the group of a step; empty when this machine has none or refuses.
    public Optional<Path> create(String jobTrackingId, String stepTrackingId) {
        if (root.isEmpty()) {
            return Optional.empty();
        }
        Path group = job(root.get(), jobTrackingId).resolve(name(stepTrackingId));
        try {
            Files.createDirectories(group);
            return Optional.of(group);
        } catch (IOException refused) {
            LOG.warn(
                    "A step runs without a control group; its processes are found by their"
                            + " environment. group={} problem={}",
                    group,
                    refused.getMessage());
            return Optional.empty();
        }
    }

    /// Puts a command into its group. Not done by the command before it starts: changing the group
    /// makes the kernel wait for all processors, which was measured to take 10 ms. What the command
    /// starts in that time and hides from its environment is not in the group.
    public static void enter(Path group, ProcessIdentity main, ProcessTable table) {
        try {
            if (table.isAlive(main)) {
                Files.writeString(group.resolve("cgroup.procs"), Integer.toString(main.pid()));
            }
        } catch (IOException refused) {
            LOG.info(
                    "A step is not in its control group; its processes are found by their"
                            + " environment. group={} problem={}",
                    group,
                    refused.getMessage());
        }
    }

    /// The groups of a job's steps, also of ended ones.
    public List<Path> ofJob(String jobTrackingId) throws IOException {
        if (root.isEmpty()) {
            return List.of();
        }
        Path job = job(root.get(), jobTrackingId);
        if (!Files.isDirectory(job)) {
            return List.of();
        }
        List<Path> groups = new ArrayList<>();
        try (DirectoryStream<Path> children =
                Files.newDirectoryStream(job, child -> Files.isDirectory(child))) {
            children.forEach(groups::add);
        }
        groups.sort(null);
        return groups;
    }

    /// Removes the groups of a job.
    ///
    /// @return false when one still has processes; it stays
    public boolean remove(String jobTrackingId) throws IOException {
        if (root.isEmpty()) {
            return true;
        }
        boolean removed = true;
        for (Path group : ofJob(jobTrackingId)) {
            removed &= removeIfEmpty(group);
        }
        return removed && removeIfEmpty(job(root.get(), jobTrackingId));
    }

    /// Removes what agents left that were killed. A step of another agent that is just about to
    /// enter its group then runs without one.
    private static void sweep(Path root) throws IOException {
        try (DirectoryStream<Path> jobs = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (Path job : jobs) {
                try (DirectoryStream<Path> steps =
                        Files.newDirectoryStream(job, Files::isDirectory)) {
                    steps.forEach(ControlGroups::removeIfEmpty);
                }
                removeIfEmpty(job);
            }
        }
    }

    private static boolean removeIfEmpty(Path group) {
        try {
            Files.deleteIfExists(group);
            return true;
        } catch (IOException busy) {
            LOG.debug("A control group is still in use. group={}", group);
            return false;
        }
    }

    private static Path job(Path root, String jobTrackingId) {
        return root.resolve(name(jobTrackingId));
    }

    private static String name(String trackingId) {
        return trackingId.replace("_", "__").replace("/", "_s").replace(":", "_c");
    }
}
