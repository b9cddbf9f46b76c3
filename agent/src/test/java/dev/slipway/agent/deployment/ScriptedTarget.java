package dev.slipway.agent.deployment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A target in memory with a real fence, which fails as it is told to.
final class ScriptedTarget implements Target {
    final List<String> done = new ArrayList<>();
    final Set<String> broken = new HashSet<>();
    Release highest = new Release(0, "");
    Optional<Release> good = Optional.empty();
    String running = "";
    boolean interrupted;

    /// Called before every change, to kill or to overtake.
    Runnable before = () -> {};

    @Override
    public String kind() {
        return "scripted";
    }

    @Override
    public String name() {
        return "target";
    }

    @Override
    public Standing read() {
        return new Standing(highest.number(), good);
    }

    @Override
    public void claim(Release release) throws SupersededException {
        change("claim " + release.number(), release);
        highest = release;
    }

    @Override
    public void rollOut(Release release) throws SupersededException, RolloutException {
        change("roll out " + release.version(), release);
        run(release);
    }

    @Override
    public void restore(Release failed, Release back) throws SupersededException, RolloutException {
        change("restore " + back.version(), failed);
        run(back);
    }

    private void run(Release release) throws RolloutException {
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new RolloutException("the call was interrupted");
        }
        if (broken.contains(release.version())) {
            throw new RolloutException(release.version() + " does not start");
        }
        running = release.version();
    }

    private void change(String what, Release release) throws SupersededException {
        before.run();
        if (highest.number() > release.number()) {
            throw new SupersededException(
                    "deployment %d is refused: %s has been deployed since"
                            .formatted(release.number(), highest));
        }
        done.add(what);
    }

    @Override
    public boolean runs(Release release) {
        return running.equals(release.version());
    }

    @Override
    public Optional<String> problem(Release release) {
        return Optional.empty();
    }

    @Override
    public void settle(Release release) throws SupersededException {
        change("settle " + release.version(), release);
        good = Optional.of(release);
    }
}
