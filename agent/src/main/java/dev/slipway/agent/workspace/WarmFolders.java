package dev.slipway.agent.workspace;

import dev.slipway.id.Ids;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// All folders that an agent's jobs work in: sets `w1`, `w2`, …, as many as jobs ever ran at once.
/// A job has a set for itself; where it can, one in which its project worked last. Who has which
/// set is on disk, so that an attempt finds its folders again after the agent's restart.
///
/// Safe for many threads.
public final class WarmFolders {
    private static final Logger LOG = LoggerFactory.getLogger(WarmFolders.class);
    private static final int WARM_PROJECTS = 100;
    private static final Duration CLEAN_AGAIN = Duration.ofMinutes(1);

    private final Path work;
    private final Predicate<String> attemptExists;
    private final DiskBudget budget;
    private final Others others;
    private final Clock clock;
    private final Threads threads;
    private final Rubbish rubbish;
    private final ToolCache tools;

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final List<FolderSet> sets = new ArrayList<>();
    private boolean cleaning;
    private Optional<Duration> cleanedAt = Optional.empty();

    /// Those who keep other things on the same disk budget.
    public interface Others {
        List<Idle> idle() throws IOException;
    }

    /// How much may be kept.
    ///
    /// @param others what they have counts as well, and may be removed
    public record Limits(DiskBudget budget, Others others) {}

    /// Finds the sets of earlier agents on this work directory.
    ///
    /// @param attemptExists whether an attempt is still known; one that is not holds nothing
    public WarmFolders(
            Path work,
            Predicate<String> attemptExists,
            Limits limits,
            Clock clock,
            Threads threads,
            Ids ids)
            throws IOException {
        this.work = work;
        this.attemptExists = attemptExists;
        this.budget = limits.budget();
        this.others = limits.others();
        this.clock = clock;
        this.threads = threads;
        rubbish = new Rubbish(work.resolve("_rubbish"), ids, threads);
        tools = new ToolCache(work.resolve("_tool"));
        for (int i = 1; Files.isDirectory(folder(i)); i++) {
            sets.add(new FolderSet(folder(i)));
        }
    }

    private Path folder(int number) {
        return work.resolve("w" + number);
    }

    /// Takes folders for an attempt: the same as before when it has some already.
    ///
    /// @param project its name; the part after the last `/` names the folder
    public JobPlaces take(String project, String attempt) throws IOException {
        lock.lock();
        try {
            FolderSet set = choose(project, attempt);
            return set.take(project, attempt, clock.now(), rubbish, tools.folder());
        } finally {
            lock.unlock();
        }
    }

    private FolderSet choose(String project, String attempt) throws IOException {
        List<FolderSet> free = new ArrayList<>();
        for (FolderSet set : sets) {
            if (set.holder().filter(attempt::equals).isPresent()) {
                return set;
            }
            if (isFree(set)) {
                free.add(set);
            }
        }
        Optional<FolderSet> warmest =
                free.stream()
                        .filter(set -> set.warmSince(project).isPresent())
                        .max(Comparator.comparing(set -> set.warmSince(project).orElseThrow()));
        if (warmest.isPresent()) {
            return warmest.get();
        }
        if (!free.isEmpty()) {
            return free.getFirst();
        }
        var fresh = new FolderSet(folder(sets.size() + 1));
        sets.add(fresh);
        return fresh;
    }

    private boolean isFree(FolderSet set) {
        return set.holder().filter(attemptExists).isEmpty();
    }

    /// Gives an attempt's folders back. They stay warm; cleaning starts in the background.
    public void giveBack(String attempt) throws IOException {
        lock.lock();
        try {
            for (FolderSet set : sets) {
                if (set.holder().filter(attempt::equals).isPresent()) {
                    set.release();
                }
            }
        } finally {
            lock.unlock();
        }
        startCleaning();
    }

    /// Cleans in the background, unless that is under way.
    public void startCleaning() {
        lock.lock();
        try {
            if (!cleaning) {
                cleaning = true;
                cleanedAt = Optional.of(clock.uptime());
                threads.start("clean-workspaces", this::cleanInBackground);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Projects with warm folders, the latest first.
    public List<String> warmProjects() {
        return tenancies().stream()
                .sorted(Comparator.comparing(Tenancy::lastUse).reversed())
                .map(tenancy -> tenancy.tenant().project())
                .distinct()
                .limit(WARM_PROJECTS)
                .toList();
    }

    /// One project's folder in one set.
    private record Tenancy(FolderSet set, String repository, FolderSet.Tenant tenant) {
        Instant lastUse() {
            return tenant.lastUse();
        }
    }

    private List<Tenancy> tenancies() {
        lock.lock();
        try {
            List<Tenancy> all = new ArrayList<>();
            for (FolderSet set : sets) {
                for (Map.Entry<String, FolderSet.Tenant> tenant : set.tenants().entrySet()) {
                    all.add(new Tenancy(set, tenant.getKey(), tenant.getValue()));
                }
            }
            return all;
        } finally {
            lock.unlock();
        }
    }

    private void cleanInBackground() {
        try {
            clean();
        } catch (IOException problem) {
            LOG.warn("Workspaces cannot be cleaned. work={}", work, problem);
        } finally {
            lock.lock();
            try {
                cleaning = false;
            } finally {
                lock.unlock();
            }
        }
    }

    private record IdleWorkspace(WarmFolders owner, Tenancy tenancy) implements Idle {
        private Path folder() {
            return tenancy.set().folderOf(tenancy.repository());
        }

        @Override
        public String name() {
            return folder().toString();
        }

        @Override
        public Instant lastUse() {
            return tenancy.lastUse();
        }

        @Override
        public long bytes() throws IOException {
            return FolderTree.size(folder());
        }

        @Override
        public boolean evict() throws IOException {
            return owner.evict(tenancy);
        }
    }

    private record IdleTool(WarmFolders owner, ToolCache.Tool tool) implements Idle {
        @Override
        public String name() {
            return tool.folder().toString();
        }

        @Override
        public Instant lastUse() {
            return tool.lastUse();
        }

        @Override
        public long bytes() {
            return tool.bytes();
        }

        @Override
        public boolean evict() throws IOException {
            return owner.evict(tool);
        }
    }

    /// Removes what is idle and too old, then as much as the budget asks, what was used longest ago
    /// first: workspaces that no job has, tools while no job runs at all, and what others have.
    /// Measuring takes a while; running jobs are not held up by it.
    ///
    /// @return how many were removed
    public int clean() throws IOException {
        List<Idle> idle = new ArrayList<>();
        tenancies().forEach(tenancy -> idle.add(new IdleWorkspace(this, tenancy)));
        tools.tools().forEach(tool -> idle.add(new IdleTool(this, tool)));
        idle.addAll(others.idle());
        idle.sort(Comparator.comparing(Idle::lastUse));
        Instant oldest = clock.now().minus(budget.idleFor());
        long[] sizes = new long[idle.size()];
        long total = 0;
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = idle.get(i).bytes();
            total += sizes[i];
        }
        long missing = Math.max(0, budget.leastFreeBytes() - free());
        int removed = 0;
        for (int i = 0; i < sizes.length; i++) {
            Idle next = idle.get(i);
            boolean tooOld = next.lastUse().isBefore(oldest);
            if ((tooOld || total > budget.bytes() || missing > 0) && next.evict()) {
                LOG.info(
                        "Removed what nobody uses. name={} bytes={} lastUse={}",
                        next.name(),
                        sizes[i],
                        next.lastUse());
                total -= sizes[i];
                missing -= sizes[i];
                removed++;
            }
        }
        return removed;
    }

    /// @return false while any job runs: it may use the tool
    private boolean evict(ToolCache.Tool tool) throws IOException {
        lock.lock();
        try {
            if (!sets.stream().allMatch(this::isFree)) {
                return false;
            }
            rubbish.add(tool.folder());
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// @return false when somebody has taken the set or used the folder meanwhile
    private boolean evict(Tenancy tenancy) throws IOException {
        lock.lock();
        try {
            FolderSet set = tenancy.set();
            boolean unchanged = tenancy.tenant().equals(set.tenants().get(tenancy.repository()));
            if (!isFree(set) || !unchanged) {
                return false;
            }
            set.evict(tenancy.repository(), rubbish);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private long free() throws IOException {
        return Files.getFileStore(work).getUsableSpace();
    }

    /// Measuring all folders is work: a disk that stays full is not measured all the time.
    private boolean mayCleanAgain() {
        lock.lock();
        try {
            return cleanedAt
                    .map(at -> clock.uptime().minus(at).compareTo(CLEAN_AGAIN) >= 0)
                    .orElse(true);
        } finally {
            lock.unlock();
        }
    }

    /// Why no new job should be taken; empty when nothing speaks against it. A full disk makes this
    /// start cleaning.
    public Optional<String> shortage() {
        try {
            long free = free();
            if (free >= budget.leastFreeBytes()) {
                return Optional.empty();
            }
            if (mayCleanAgain()) {
                startCleaning();
            }
            long mib = 1024 * 1024;
            return Optional.of(
                    "only %d MiB are free on the disk of %s, the reserve is %d MiB (--disk-reserve)"
                            .formatted(free / mib, work, budget.leastFreeBytes() / mib));
        } catch (IOException problem) {
            return Optional.of("the work directory cannot be read: " + problem);
        }
    }
}
