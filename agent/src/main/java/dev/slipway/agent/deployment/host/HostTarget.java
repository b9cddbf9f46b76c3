package dev.slipway.agent.deployment.host;

import dev.slipway.agent.deployment.Release;
import dev.slipway.agent.deployment.RolloutException;
import dev.slipway.agent.deployment.SupersededException;
import dev.slipway.agent.deployment.Target;
import dev.slipway.agent.workspace.Folders;
import dev.slipway.time.Clock;
import dev.slipway.time.Timers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A folder of this machine and the service that runs from it.
///
/// ```
/// FOLDER/number            the highest deployment, the last good one: the fence, under flock(2)
///        releases/7/       the files of deployment 7
///        current           → releases/7, switched at once
///        starts/7/         how it is started: start, stop, env, log, exit (0700)
///        stop              a script that ends what runs
/// ```
public final class HostTarget implements Target {
    private final HostSettings settings;
    private final Fence fence;
    private final HostService service;

    /// @param machine the environment of the agent's machine
    public HostTarget(
            HostSettings settings, Map<String, String> machine, Clock clock, Timers timers) {
        this.settings = settings;
        this.fence = new Fence(settings.folder().resolve("lock"), timers);
        this.service = new HostService(settings, machine, clock, timers);
    }

    @Override
    public String kind() {
        return "host";
    }

    @Override
    public String name() {
        return settings.folder().toString();
    }

    @Override
    public Standing read() throws IOException {
        Ledger ledger = ledger();
        return new Standing(ledger.highest().number(), ledger.good());
    }

    private Ledger ledger() throws IOException {
        return Ledger.read(settings.folder(), settings.claimant().owner());
    }

    @Override
    public void claim(Release release)
            throws IOException, InterruptedException, SupersededException, RolloutException {
        Files.createDirectories(releases());
        try (var _ = fence.take()) {
            Ledger ledger = ledger();
            requireOwner(ledger);
            requireNotLater(ledger, release);
            if (!ledger.highest().equals(release)) {
                new Ledger(ledger.owner(), release, ledger.good()).write(settings.folder());
            }
        }
    }

    @Override
    public void rollOut(Release release)
            throws IOException, InterruptedException, SupersededException, RolloutException {
        stage(release);
        try (var _ = fence.take()) {
            requireMine(release);
            if (!runs(release)) {
                service.prepare(release.number(), release.version());
                run(release);
            }
        }
    }

    @Override
    public void restore(Release failed, Release good)
            throws IOException, InterruptedException, SupersededException, RolloutException {
        try (var _ = fence.take()) {
            requireMine(failed);
            if (!Files.isDirectory(folderOf(good))) {
                throw new RolloutException("%s is not there any more".formatted(folderOf(good)));
            }
            if (!runs(good)) {
                run(good);
            }
        }
    }

    /// Stops what runs, switches, starts.
    private void run(Release release) throws IOException, InterruptedException, RolloutException {
        String token = service.stop();
        Path fresh = settings.folder().resolve("current.new");
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, Path.of("releases", Long.toString(release.number())));
        Files.move(fresh, current(), StandardCopyOption.ATOMIC_MOVE);
        service.start(release.number(), token);
    }

    @Override
    public boolean runs(Release release) throws IOException, InterruptedException {
        return Files.isSymbolicLink(current())
                && Files.readSymbolicLink(current()).endsWith(Long.toString(release.number()))
                && service.runs(release.number());
    }

    @Override
    public Optional<String> problem(Release release) throws IOException, InterruptedException {
        return service.problem(release.number());
    }

    @Override
    public void settle(Release release)
            throws IOException, InterruptedException, SupersededException {
        try (var _ = fence.take()) {
            requireMine(release);
            new Ledger(settings.claimant().owner(), release, Optional.of(release))
                    .write(settings.folder());
            prune(release);
        }
    }

    @Override
    public List<String> hints() {
        return List.of(
                "Stop it with: " + service.stopScript(),
                "What it prints: " + settings.folder().resolve("starts/*/log"));
    }

    private void requireMine(Release release) throws IOException, SupersededException {
        requireNotLater(ledger(), release);
    }

    private void requireNotLater(Ledger ledger, Release release) throws SupersededException {
        if (ledger.highest().number() > release.number()) {
            throw new SupersededException(
                    "deployment %d is refused: %s has been deployed to %s since"
                            .formatted(release.number(), ledger.highest(), settings.folder()));
        }
    }

    /// Copies the files beside those of other releases; a name says that all of them are there.
    private void stage(Release release) throws IOException, RolloutException {
        Path to = folderOf(release);
        if (Files.isDirectory(to)) {
            return;
        }
        if (!Files.isDirectory(settings.files())) {
            throw new RolloutException(
                    "there is no folder %s: 'files' names what is deployed"
                            .formatted(settings.files()));
        }
        Path fresh = releases().resolve("." + release.number() + ".new");
        Folders.delete(fresh);
        FileTrees.copy(settings.files(), fresh);
        Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path releases() {
        return settings.folder().resolve("releases");
    }

    private Path folderOf(Release release) {
        return releases().resolve(Long.toString(release.number()));
    }

    private Path current() {
        return settings.folder().resolve("current");
    }

    /// Removes what is older than the releases that are kept. A release is deleted under another
    /// name, so that none is ever half there.
    private void prune(Release good) throws IOException {
        List<Long> numbers;
        try (var entries = Files.list(releases())) {
            numbers =
                    entries.map(entry -> entry.getFileName().toString())
                            .filter(name -> name.matches("[0-9]{1,18}"))
                            .map(Long::parseLong)
                            .filter(number -> number < good.number())
                            .sorted(Comparator.reverseOrder())
                            .toList();
        }
        for (long number : numbers.stream().skip(settings.keep() - 1L).toList()) {
            Path old = releases().resolve(Long.toString(number));
            Path gone = releases().resolve("." + number + ".old");
            Folders.delete(gone);
            Files.move(old, gone, StandardCopyOption.ATOMIC_MOVE);
            Folders.delete(gone);
            Folders.delete(service.own(number));
        }
    }

    private void requireOwner(Ledger ledger) throws RolloutException {
        if (!ledger.owner().equals(settings.claimant().owner())) {
            throw new RolloutException(
                    ("the folder %s belongs to %s, and this is %s. Deployments are numbered per"
                         + " environment of a farm, so two of them cannot share a folder. Give this"
                         + " one another 'path', or delete %s to hand the folder over")
                            .formatted(
                                    settings.folder(),
                                    ledger.owner(),
                                    settings.claimant().owner(),
                                    settings.folder().resolve("number")));
        }
    }
}
