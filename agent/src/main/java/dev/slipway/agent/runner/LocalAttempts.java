package dev.slipway.agent.runner;

import dev.slipway.agent.runner.AttemptView.Phase;
import dev.slipway.agent.workspace.Folders;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.id.AttemptId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// The attempts in the agent's work directory: `attempts/RUN-JOB-ATTEMPT/`, mode 0700, each with
/// its `token`, checkpoint, logs and the control folders of its processes.
public final class LocalAttempts implements Attempts, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalAttempts.class);

    private final Path folder;
    private final Machine machine;
    private final Attempt.Parts parts;
    private final Map<AttemptId, Attempt> attempts = new LinkedHashMap<>();

    /// Forgotten attempts whose folders are being deleted.
    private final Set<Attempt> leaving = new HashSet<>();

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Duration leaseEnd = Duration.ZERO;

    /// @param folder `attempts`, made when missing
    /// @throws IOException when what an earlier agent left cannot be read
    public LocalAttempts(
            Path folder, Machine machine, Farm farm, Workspaces workspaces, LogOutlet outlet)
            throws IOException {
        this.folder = folder;
        this.machine = machine;
        this.parts = new Attempt.Parts(machine, farm, workspaces, outlet);
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        adoptAll();
    }

    private void adoptAll() throws IOException {
        try (var found = Files.list(folder)) {
            for (Path one : (Iterable<Path>) found.sorted()::iterator) {
                adopt(one);
            }
        }
    }

    private void adopt(Path one) {
        try {
            Path file = one.resolve("token");
            if (!Files.exists(file)) {
                // Its making was cut short before anything could be started.
                Folders.delete(one);
                return;
            }
            Value value = Json.parse(Files.readString(file));
            var token =
                    new Token(
                            value.get("farm").text(),
                            AttemptId.parse(value.get("attempt").text()),
                            Long.parseLong(value.get("epoch").text()));
            var attempt = new Attempt(token, one, true, parts, this::changed);
            attempts.put(token.attempt(), attempt);
            LOG.info(
                    "Found an attempt of an earlier agent process. attempt={} phase={}",
                    token.attempt(),
                    attempt.view().phase());
        } catch (IOException | IllegalArgumentException problem) {
            LOG.error(
                    "An attempt on disk cannot be read and is left as it is. Delete the folder when"
                            + " its processes have ended. folder={} why={}",
                    one,
                    problem.getMessage());
        }
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    @Override
    public synchronized List<AttemptView> views() {
        return attempts.values().stream().map(Attempt::view).toList();
    }

    @Override
    public synchronized void run(Token token) {
        Attempt held = attempts.get(token.attempt());
        try {
            if (held == null) {
                held = create(token);
                attempts.put(token.attempt(), held);
            }
            if (!held.isConfirmed()) {
                renewLease(held);
            }
            held.start();
        } catch (IOException problem) {
            LOG.error(
                    "An attempt cannot be started: its folder cannot be written. attempt={}"
                            + " folder={}",
                    token.attempt(),
                    folder,
                    problem);
        }
    }

    private Attempt create(Token token) throws IOException {
        Path one = folder.resolve(token.attempt().toString().replace('/', '-'));
        Folders.delete(one);
        Files.createDirectory(
                one,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path fresh = one.resolve("token.new");
        Files.writeString(
                fresh,
                Json.compact(
                        Values.object(
                                "farm", token.farmId(),
                                "attempt", token.attempt().toString(),
                                "epoch", Long.toString(token.epoch()))));
        Files.move(fresh, one.resolve("token"));
        return new Attempt(token, one, false, parts, this::changed);
    }

    @Override
    public synchronized void cancel(Token token, String reason) {
        Attempt held = attempts.get(token.attempt());
        if (held == null) {
            // Ordered and cancelled before this agent heard of it: it runs, to end at once.
            run(token);
            held = attempts.get(token.attempt());
        }
        if (held != null && held.view().phase() != Phase.FINISHED) {
            held.cancel(reason);
            run(token);
        }
    }

    @Override
    public synchronized void abandon(AttemptId attempt, String reason) {
        Attempt held = attempts.get(attempt);
        if (held != null) {
            held.abandon(reason);
        }
    }

    @Override
    public void forget(AttemptId attempt) {
        Attempt held;
        synchronized (this) {
            held = attempts.remove(attempt);
            if (held != null) {
                leaving.add(held);
            }
        }
        if (held != null) {
            boolean unfinished = held.view().phase() != Phase.FINISHED;
            if (unfinished) {
                held.abandon("the farm has forgotten it");
            }
            machine.threads().start("forget " + attempt, () -> delete(held));
            changed();
        }
    }

    private void delete(Attempt held) {
        try {
            held.join();
            held.close();
            // Without its token a folder is nothing that a later agent would go on with.
            Files.deleteIfExists(held.folder().resolve("token"));
            Folders.delete(held.folder());
        } catch (IOException problem) {
            LOG.warn(
                    "A finished attempt's folder cannot be deleted. folder={} why={}",
                    held.folder(),
                    problem.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            leaving.remove(held);
            notifyAll();
        }
        changed();
    }

    @Override
    public void renewLeases(Duration endsAt) {
        leaseEnd = endsAt;
        List<Attempt> held;
        synchronized (this) {
            held = List.copyOf(attempts.values());
        }
        for (Attempt attempt : held) {
            if (attempt.isConfirmed() && attempt.view().phase() != Phase.FINISHED) {
                renewLease(attempt);
            }
        }
    }

    private void renewLease(Attempt attempt) {
        try {
            if (leaseEnd.isPositive()) {
                machine.executor().renewLease(attempt.lease(), leaseEnd);
                Path inContainer = attempt.containerLease();
                if (Files.isDirectory(Objects.requireNonNull(inContainer.getParent()))) {
                    machine.executor().renewLease(inContainer, leaseEnd);
                }
            }
        } catch (IOException problem) {
            LOG.error(
                    "A lease cannot be renewed on disk; its processes will be killed at its end."
                            + " attempt={} why={}",
                    attempt.token().attempt(),
                    problem.getMessage());
        }
    }

    @Override
    public synchronized void leaseEnded() {
        for (Attempt attempt : attempts.values()) {
            if (attempt.view().phase() != Phase.FINISHED) {
                attempt.abandon("lease-lost: no coordinator could be reached before it ended");
            }
        }
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// The tracking ids of all attempts that are held.
    public synchronized List<String> trackingIds() {
        return attempts.values().stream()
                .map(attempt -> JobRuntime.trackingId(attempt.token()))
                .toList();
    }

    /// How many attempts have no result yet.
    public synchronized long unfinished() {
        return attempts.values().stream()
                .filter(attempt -> attempt.view().phase() != Phase.FINISHED)
                .count();
    }

    /// How many attempts are held, those included whose result the farm has not recorded yet.
    public synchronized int held() {
        return attempts.size() + leaving.size();
    }

    /// Kills everything that runs: the agent was told twice to stop.
    public synchronized void abandonAll(String reason) {
        attempts.values().stream()
                .filter(attempt -> attempt.view().phase() != Phase.FINISHED)
                .forEach(attempt -> attempt.abandon(reason));
    }

    /// Stops working on the attempts; their processes go on and are found by the next agent.
    @Override
    public void close() throws IOException {
        List<Attempt> held;
        synchronized (this) {
            held = List.copyOf(attempts.values());
        }
        held.forEach(Attempt::detach);
        for (Attempt attempt : held) {
            try {
                attempt.join();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            attempt.close();
        }
        awaitDeletions();
    }

    private synchronized void awaitDeletions() {
        try {
            while (!leaving.isEmpty()) {
                wait();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
