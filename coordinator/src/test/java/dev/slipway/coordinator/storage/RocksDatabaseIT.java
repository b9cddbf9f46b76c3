package dev.slipway.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.storage.Database.Durability;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;

class RocksDatabaseIT {
    private static final Table<String, String> WORDS =
            new Table<>("words", KeyCodec.TEXT, new Words());

    @TempDir Path folder;

    @Test
    void whatIsWrittenIsThereAfterOpeningAgain() {
        try (var database = RocksDatabase.open(folder)) {
            write(database, Map.of("a", "1", "b", "2"));
        }

        try (var database = RocksDatabase.open(folder)) {
            assertThat(WORDS.get(database, "b")).contains("2");
            assertThat(WORDS.get(database, "c")).isEmpty();
        }
    }

    @Test
    void snapshotDoesNotSeeLaterWrites() {
        try (var database = RocksDatabase.open(folder)) {
            write(database, Map.of("a", "1"));
            try (Snapshot before = database.snapshot()) {
                write(database, Map.of("a", "2", "b", "3"));

                assertThat(WORDS.get(before, "a")).contains("1");
                assertThat(all(before)).containsExactly("a=1");
            }
            assertThat(all(database)).containsExactly("a=2", "b=3");
        }
    }

    @Test
    void oneProcessAtATimeMayWrite() {
        try (var database = RocksDatabase.open(folder)) {
            write(database, Map.of("a", "1"));

            assertThatThrownBy(() -> RocksDatabase.open(folder))
                    .isInstanceOfSatisfying(
                            SlipwayException.class,
                            problem ->
                                    assertThat(problem.code()).isEqualTo(ErrorCode.STORAGE_FAILED))
                    .hasMessageContaining("Another process uses it");
            try (var reader = RocksDatabase.openReadOnly(folder)) {
                assertThat(WORDS.get(reader, "a")).contains("1");
                assertThatThrownBy(() -> write(reader, Map.of("new", "1")))
                        .isInstanceOf(SlipwayException.class);
            }
        }
    }

    @Test
    void closedDatabaseRefuses() {
        var database = RocksDatabase.open(folder);
        write(database, Map.of("a", "1"));
        database.close();
        database.close();

        assertThatThrownBy(() -> WORDS.get(database, "a"))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void rangesAreDeleted() {
        try (var database = RocksDatabase.open(folder)) {
            write(database, Map.of("a", "1", "b", "2", "c", "3"));
            var batch = new Batch();
            WORDS.deleteUpTo(batch, "b");
            database.write(batch, Durability.SYNCED);

            assertThat(all(database)).containsExactly("c=3");
        }
    }

    @Test
    void historySurvivesAReopening() {
        try (var database = RocksDatabase.open(folder)) {
            var history = new HistoryFixture(database);
            for (int i = 0; i < 100; i++) {
                long run = history.queue("acme/app", "CI", i % 2 == 0 ? "main" : "topic");
                if (i != 50) {
                    history.finish(run, i % 10 == 0 ? Conclusion.FAILURE : Conclusion.SUCCESS);
                }
            }
        }

        try (var database = RocksDatabase.openReadOnly(folder)) {
            var store = new TableRunStore(database);
            assertThat(store.list(RunFilter.ALL, 500, 0).runs()).hasSize(100);
            assertThat(store.load().runs()).extracting(RunState::number).containsExactly(51L);
            assertThat(store.run(51)).isPresent();
        }
    }

    private static void write(Database database, Map<String, String> words) {
        var batch = new Batch();
        words.forEach((key, value) -> WORDS.put(batch, key, value));
        database.write(batch, Durability.SYNCED);
    }

    private static ArrayList<String> all(Reads reads) {
        var found = new ArrayList<String>();
        WORDS.scan(reads, everything -> {}, (key, value) -> found.add(key + "=" + value));
        return found;
    }

    private static final class Words implements Codec<String> {
        @Override
        public byte[] encode(String value) {
            return value.getBytes(UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, UTF_8);
        }
    }
}
