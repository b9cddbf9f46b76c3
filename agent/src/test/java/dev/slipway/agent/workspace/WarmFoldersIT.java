package dev.slipway.agent.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.id.Ids;
import dev.slipway.testkit.ManualTime;
import dev.slipway.time.Threads;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

class WarmFoldersIT {
    @TempDir Path work;
    private final ManualTime time = new ManualTime();
    private final Set<String> attempts = new HashSet<>();
    private DiskBudget budget = new DiskBudget(Duration.ofDays(7), 1_000_000, 0);
    private final List<Idle> others = new ArrayList<>();
    private WarmFolders folders;

    @BeforeEach
    void open() throws IOException {
        folders = restarted();
    }

    private WarmFolders restarted() throws IOException {
        var next = new AtomicLong(System.identityHashCode(new Object()));
        Ids ids = () -> "id" + next.incrementAndGet();
        return new WarmFolders(
                work,
                attempts::contains,
                new WarmFolders.Limits(budget, () -> others),
                time,
                new AtOnce(),
                ids);
    }

    /// Background work is done before the caller goes on.
    private static final class AtOnce implements Threads {
        @Override
        public Thread start(String name, Runnable body) {
            body.run();
            return Thread.currentThread();
        }

        @Override
        public Thread startOwner(String name, Runnable body) {
            return start(name, body);
        }
    }

    private JobPlaces take(String project, String attempt) throws IOException {
        attempts.add(attempt);
        return folders.take(project, attempt);
    }

    private void end(String attempt) throws IOException {
        attempts.remove(attempt);
        folders.giveBack(attempt);
    }

    @Test
    void foldersAreLaidOutAsGitHubsRunnerDoes() throws IOException {
        JobPlaces places = take("acme/app", "a1");

        assertThat(places.workspace()).isEqualTo(work.resolve("w1/app/app")).isDirectory();
        assertThat(places.parent()).isEqualTo(work.resolve("w1/app"));
        assertThat(places.temp()).isEqualTo(work.resolve("w1/_temp")).isDirectory();
        assertThat(places.actions()).isEqualTo(work.resolve("w1/_actions")).isDirectory();
        assertThat(places.tools()).isEqualTo(work.resolve("_tool")).isDirectory();
    }

    @Test
    void twoJobsNeverShareFolders() throws IOException {
        JobPlaces first = take("acme/app", "a1");
        JobPlaces second = take("acme/app", "a2");

        assertThat(second.workspace()).isNotEqualTo(first.workspace());
        assertThat(second.temp()).isNotEqualTo(first.temp());
    }

    @Test
    void nextJobOfAProjectFindsItsFilesWherePossible() throws IOException {
        take("acme/other", "a0");
        JobPlaces first = take("acme/app", "a1");
        Files.writeString(first.workspace().resolve("file"), "x");
        end("a0");
        end("a1");

        JobPlaces second = take("acme/app", "a2");

        assertThat(second.workspace().resolve("file")).exists();
    }

    @Test
    void projectsOfOneNameNeverSeeEachOthersFiles() throws IOException {
        JobPlaces first = take("acme/app", "a1");
        Files.writeString(first.workspace().resolve("file"), "x");
        end("a1");

        JobPlaces second = take("rival/app", "a2");

        assertThat(second.workspace()).isEqualTo(first.workspace()).isEmptyDirectory();
        assertThat(work.resolve("_rubbish")).isEmptyDirectory();
    }

    @Test
    void attemptFindsItsFoldersAfterARestart() throws IOException {
        take("acme/app", "a1");
        JobPlaces before = take("acme/app", "a2");

        folders = restarted();

        assertThat(folders.take("acme/app", "a2")).isEqualTo(before);
        assertThat(take("acme/app", "a3").workspace()).isEqualTo(work.resolve("w3/app/app"));
    }

    @Test
    void foldersOfAnAttemptThatIsGoneAreFree() throws IOException {
        JobPlaces before = take("acme/app", "a1");
        attempts.clear();

        folders = restarted();

        assertThat(take("acme/app", "a2")).isEqualTo(before);
    }

    @Test
    void projectNamesCannotEscape() throws IOException {
        for (String project : new String[] {"acme/..", "acme/.git", "acme/_temp", "", "a/b c"}) {
            JobPlaces places = take(project, "a1");
            assertThat(places.workspace()).isEqualTo(work.resolve("w1/project/project"));
            end("a1");
        }
    }

    @Test
    void warmProjectsAreToldTheLatestFirst() throws IOException {
        take("acme/one", "a1");
        time.advance(Duration.ofSeconds(1));
        take("acme/two", "a2");

        assertThat(folders.warmProjects()).containsExactly("acme/two", "acme/one");

        folders = restarted();

        assertThat(folders.warmProjects()).containsExactly("acme/two", "acme/one");
    }

    @Test
    void idleFoldersAreRemovedByAge() throws IOException {
        JobPlaces old = take("acme/old", "a1");
        end("a1");
        time.advance(Duration.ofDays(8));
        JobPlaces busy = take("acme/busy", "a2");

        assertThat(folders.clean()).isEqualTo(0);
        end("a2");

        assertThat(old.parent()).doesNotExist();
        assertThat(busy.parent()).exists();
        assertThat(folders.warmProjects()).containsExactly("acme/busy");
    }

    @Test
    void foldersUsedLongestAgoGoFirstWhenTheBudgetIsExceeded() throws IOException {
        for (String name : new String[] {"one", "two", "three"}) {
            JobPlaces places = take("acme/" + name, name);
            Files.write(places.workspace().resolve("file"), new byte[400_000]);
            time.advance(Duration.ofSeconds(1));
            end(name);
        }

        assertThat(folders.warmProjects()).containsExactly("acme/three", "acme/two");
        assertThat(work.resolve("w1/one")).doesNotExist();
    }

    @Test
    void foldersOfRunningJobsStayWhateverTheBudget() throws IOException {
        budget = new DiskBudget(Duration.ZERO, 0, Long.MAX_VALUE);
        folders = restarted();
        JobPlaces places = take("acme/app", "a1");
        time.advance(Duration.ofDays(1));

        assertThat(folders.clean()).isZero();
        assertThat(folders.shortage()).get().asString().contains("MiB are free", "--disk-reserve");
        assertThat(places.workspace()).exists();
    }

    @Test
    void toolsAreRemovedByAgeWhileNoJobRuns() throws IOException {
        JobPlaces places = take("acme/app", "a1");
        Path old = tool(places, "node/18.0.0", time.now().minus(Duration.ofDays(30)));
        Path young = tool(places, "node/24.0.0", time.now().minus(Duration.ofDays(1)));

        folders.clean();
        assertThat(old).exists();
        end("a1");

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void toolsCountIntoTheBudget() throws IOException {
        JobPlaces places = take("acme/app", "a1");
        Path older = tool(places, "jdk/21", time.now().minus(Duration.ofDays(2)));
        Path younger = tool(places, "jdk/25", time.now().minus(Duration.ofDays(1)));
        Files.write(older.resolve("x64/file"), new byte[600_000]);
        Files.write(younger.resolve("x64/file"), new byte[600_000]);
        touch(older, time.now().minus(Duration.ofDays(2)));
        touch(younger, time.now().minus(Duration.ofDays(1)));

        end("a1");

        assertThat(older).doesNotExist();
        assertThat(younger).exists();
    }

    @Test
    void whatOthersKeepIsPartOfTheBudgetAndGoesInItsTurn() throws IOException {
        take("acme/one", "a1");
        end("a1");
        var old = new OtherThing(time.now().minus(Duration.ofHours(1)), 900_000);
        var used = new OtherThing(time.now().plus(Duration.ofHours(1)), 900_000);
        others.addAll(List.of(used, old));

        assertThat(folders.clean()).isEqualTo(1);

        assertThat(old.evicted).isTrue();
        assertThat(used.evicted).isFalse();
        assertThat(folders.warmProjects()).containsExactly("acme/one");
    }

    private static final class OtherThing implements Idle {
        private final Instant lastUse;
        private final long bytes;
        private boolean evicted;

        OtherThing(Instant lastUse, long bytes) {
            this.lastUse = lastUse;
            this.bytes = bytes;
        }

        @Override
        public String name() {
            return "other";
        }

        @Override
        public Instant lastUse() {
            return lastUse;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public boolean evict() {
            evicted = true;
            return true;
        }
    }

    @Test
    void fullDiskIsCleanedNowAndThenNotAllTheTime() throws IOException {
        budget = new DiskBudget(Duration.ofDays(7), 1_000_000, Long.MAX_VALUE);
        folders = restarted();
        take("acme/one", "a1");
        end("a1");
        assertThat(folders.warmProjects()).isEmpty();

        take("acme/two", "a2");
        attempts.remove("a2");
        assertThat(folders.shortage()).isPresent();
        assertThat(folders.warmProjects()).containsExactly("acme/two");
        time.advance(Duration.ofMinutes(1));
        assertThat(folders.shortage()).isPresent();
        assertThat(folders.warmProjects()).isEmpty();
    }

    private static Path tool(JobPlaces places, String name, Instant lastUse) throws IOException {
        Path version = places.tools().resolve(name);
        Files.createDirectories(version.resolve("x64"));
        Files.writeString(version.resolve("x64/program"), "x");
        touch(version, lastUse);
        return version;
    }

    private static void touch(Path version, Instant lastUse) throws IOException {
        FileTime at = FileTime.from(lastUse);
        try (var all = Files.walk(version)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.getFileAttributeView(path, BasicFileAttributeView.class)
                        .setTimes(at, at, null);
            }
        }
    }

    @Test
    void readOnlyFoldersAndLinksAreDeletedButNotFollowed() throws IOException {
        Path outside = Files.createDirectory(work.resolve("outside"));
        Files.writeString(outside.resolve("kept"), "x");
        JobPlaces places = take("acme/app", "a1");
        Path locked = Files.createDirectories(places.workspace().resolve("a/b"));
        Files.writeString(locked.resolve("file"), "x");
        Files.createSymbolicLink(places.workspace().resolve("link"), outside);
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-x------"));
        Files.setPosixFilePermissions(
                locked.getParent(), PosixFilePermissions.fromString("r-x------"));
        end("a1");
        time.advance(Duration.ofDays(8));

        assertThat(folders.clean()).isEqualTo(1);

        assertThat(places.parent()).doesNotExist();
        assertThat(outside.resolve("kept")).exists();
        assertThat(work.resolve("_rubbish")).isEmptyDirectory();
    }
}
