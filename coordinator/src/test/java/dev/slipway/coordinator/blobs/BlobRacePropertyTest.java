package dev.slipway.coordinator.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.error.SlipwayException;
import dev.slipway.id.Ids;
import dev.slipway.testkit.ManualTime;
import dev.slipway.testkit.SeededIds;
import dev.slipway.time.SystemThreads;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Three coordinators share blobs. Each uploads, refers and collects, and leads now and then; who
/// is deposed does not know, and may stand still between any two effects while others go on. A blob
/// that is needed must be held, always. Known as NeededBlobIsHeld.
///
/// One seed again: `-Dslipway.seed=N`; many: `-Dslipway.seeds=N`. When the protocol or the order of
/// its effects changes, {@link Breach} needs other seeds: `-Dslipway.beyond=10000` looks for them.
class BlobRacePropertyTest {
    private static final Duration GRACE = Duration.ofMinutes(60);
    private static final int SEEDS = Integer.getInteger("slipway.seeds", 400);
    private static final int BEYOND = Integer.getInteger("slipway.beyond", 1);

    @Test
    void neededBlobIsHeld() {
        long given = Long.getLong("slipway.seed", -1);
        long removed = 0;
        for (long seed = Math.max(0, given); seed < (given < 0 ? SEEDS : given + 1); seed++) {
            removed += new Race(seed, Breach.NONE).run();
        }

        assertThat(removed).as("a collector that removes nothing keeps everything").isPositive();
    }

    /// What the protocol would be without one of its steps, and a seed that then loses a blob.
    enum Breach {
        NONE(0),
        EPOCHS_NOT_READ(93),
        PINS_NOT_READ(4324),
        DOOMED_NOT_READ(83),
        GENERATIONS_REUSED(3488),
        LAG_NOT_WAITED_FOR(8);

        final long seed;

        Breach(long seed) {
            this.seed = seed;
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyStepIsNeeded(Breach breach) {
        assertThatThrownBy(
                        () -> {
                            for (long seed = breach.seed; seed < breach.seed + BEYOND; seed++) {
                                new Race(seed, breach).run();
                            }
                        })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("NeededBlobIsHeld");
    }

    /// One run of one seed.
    private static final class Race {
        private final long seed;
        private final Breach breach;
        private final Random random;
        private final ManualTime time = new ManualTime();
        private final Turns turns = new Turns();
        private final MemoryMedium.Disk disk;
        private final List<Member> members = new ArrayList<>();
        private final List<BlobRef> blobs = new ArrayList<>();

        /// What the farm's journal says is needed; only the leader writes it.
        private final Set<String> needed = new HashSet<>();

        private Member leader;
        private long epoch;
        private long removed;

        private static final class Member {
            final SharedBlobStore store;
            Set<String> known = Set.of();

            Member(SharedBlobStore store) {
                this.store = store;
            }
        }

        Race(long seed, Breach breach) {
            this.seed = seed;
            this.breach = breach;
            this.random = new Random(seed);
            boolean late = random.nextBoolean() || breach == Breach.LAG_NOT_WAITED_FOR;
            Duration lag = late ? Duration.ofMinutes(2) : Duration.ZERO;
            disk = new MemoryMedium.Disk(time, random, lag, turns::pause);
            disk.changed = this::check;
            for (int i = 0; i < 3; i++) {
                members.add(new Member(store(new SeededIds(seed * 3 + i))));
                blobs.add(Sha256.blob(content(i)));
            }
            lead(members.getFirst());
        }

        private static byte[] content(int number) {
            return ("blob " + number).getBytes(UTF_8);
        }

        private SharedBlobStore store(Ids ids) {
            Ids names = breach == Breach.GENERATIONS_REUSED ? new FixedGenerations(ids) : ids;
            return new SharedBlobStore(
                    new BrokenMedium(new MemoryMedium(disk), breach),
                    new SharedBlobStore.Limits(GRACE, 1 << 20),
                    time,
                    new SystemThreads(),
                    names);
        }

        private void lead(Member next) {
            if (leader != null) {
                leader.known = Set.copyOf(needed);
            }
            leader = next;
            leader.store.lead(++epoch);
        }

        long run() {
            for (Member member : members) {
                turns.add(() -> refer(member));
                turns.add(() -> collect(member));
            }
            turns.add(this::govern);
            turns.run(random);
            check();
            return removed;
        }

        private void refer(Member member) throws IOException {
            for (int i = 0; i < 8; i++) {
                turns.pause();
                int number = random.nextInt(blobs.size());
                BlobRef blob = blobs.get(number);
                Duration asked = time.uptime();
                long since = member == leader ? epoch : 0;
                boolean held = member.store.pin(blob) || uploaded(member, number);
                boolean inTime = time.uptime().minus(asked).compareTo(GRACE) < 0;
                if (held && inTime && since == epoch) {
                    needed.add(blob.sha256());
                    check();
                }
            }
        }

        /// @return false when it took so long that it must be tried again
        private boolean uploaded(Member member, int number) throws IOException {
            try (var upload = member.store.upload(blobs.get(number), 0)) {
                upload.write(ByteBuffer.wrap(content(number)));
                upload.commit();
                return true;
            } catch (SlipwayException late) {
                assertThat(late).hasMessageContaining("it took so long");
                return false;
            }
        }

        private void collect(Member member) throws IOException {
            for (int i = 0; i < 8; i++) {
                turns.pause();
                BlobStore.Collected collected =
                        member.store.collect(
                                () -> {
                                    Set<String> view =
                                            member == leader ? Set.copyOf(needed) : member.known;
                                    return view::contains;
                                });
                removed += collected.blobs();
            }
        }

        /// Changes leaders, lets references end and time pass.
        private void govern() {
            for (int i = 0; i < 60; i++) {
                for (int pause = random.nextInt(12); pause > 0; pause--) {
                    turns.pause();
                }
                switch (random.nextInt(6)) {
                    case 0 -> lead(members.get(random.nextInt(members.size())));
                    case 1 -> needed.remove(blobs.get(random.nextInt(blobs.size())).sha256());
                    case 2 -> time.advance(GRACE.multipliedBy(random.nextInt(3)));
                    default -> time.advance(Duration.ofMinutes(random.nextInt(5)));
                }
            }
        }

        private void check() {
            for (String digest : needed) {
                boolean held =
                        disk.items.entrySet().stream()
                                .filter(item -> item.getValue().exists())
                                .flatMap(item -> Names.parse(item.getKey()).stream())
                                .anyMatch(
                                        name ->
                                                name.digest().equals(digest)
                                                        && name.doomedBy().isEmpty());
                if (!held) {
                    throw new AssertionError(
                            "NeededBlobIsHeld is broken: %s… is gone. seed=%d breach=%s"
                                    .formatted(digest.substring(0, 8), seed, breach));
                }
            }
        }
    }

    /// Every upload of a blob gets the same generation.
    private record FixedGenerations(Ids ids) implements Ids {
        @Override
        public String fresh() {
            // Pins must differ; only generations are cut to 16 digits.
            return "0".repeat(16) + ids.fresh().substring(16);
        }
    }

    /// Hides from the protocol what one of its steps would read.
    private record BrokenMedium(Medium medium, Breach breach) implements Medium {
        @Override
        public void list(String prefix, Consumer<Entry> found) throws IOException {
            Predicate<String> hidden =
                    switch (breach) {
                        case EPOCHS_NOT_READ -> name -> name.startsWith(Names.EPOCHS);
                        case PINS_NOT_READ -> name -> name.startsWith(Names.PINS);
                        case DOOMED_NOT_READ ->
                                name -> !prefix.isEmpty() && name.contains(".doomed-");
                        case NONE, GENERATIONS_REUSED, LAG_NOT_WAITED_FOR -> name -> false;
                    };
            medium.list(
                    prefix,
                    entry -> {
                        if (!hidden.test(entry.name())) {
                            found.accept(entry);
                        }
                    });
        }

        @Override
        public Duration lag() {
            return breach == Breach.LAG_NOT_WAITED_FOR ? Duration.ZERO : medium.lag();
        }

        @Override
        public byte[] read(String name) throws IOException {
            return medium.read(name);
        }

        @Override
        public InputStream open(String name, long offset) throws IOException {
            return medium.open(name, offset);
        }

        @Override
        public void write(String name, byte[] content) throws IOException {
            medium.write(name, content);
        }

        @Override
        public void delete(List<String> names) throws IOException {
            medium.delete(names);
        }

        @Override
        public Instant now() throws IOException {
            return medium.now();
        }

        @Override
        public int width() {
            return medium.width();
        }

        @Override
        public String place() {
            return medium.place();
        }

        @Override
        public long staged(BlobRef blob) throws IOException {
            return medium.staged(blob);
        }

        @Override
        public Staging stage(BlobRef blob, long offset, Consumer<ByteBuffer> held)
                throws IOException {
            return medium.stage(blob, offset, held);
        }

        @Override
        public void removeStaged(Instant since) throws IOException {
            medium.removeStaged(since);
        }

        @Override
        public void close() {
            medium.close();
        }
    }
}
