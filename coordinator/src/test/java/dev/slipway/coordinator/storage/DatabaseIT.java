package dev.slipway.coordinator.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.error.SlipwayException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseIT {
    private static final TableSpec<Named, byte[]> ROWS =
            new TableSpec<>(
                    "rows",
                    new KeyCodec<>() {
                        @Override
                        public byte[] encode(Named key) {
                            return new KeyWriter().text(key.name).descending(key.number).bytes();
                        }

                        @Override
                        public Named decode(byte[] bytes) {
                            var reader = new KeyReader(bytes);
                            return new Named(reader.text(), reader.descending());
                        }
                    },
                    ValueCodec.BYTES);

    @TempDir Path folder;

    @Test
    void rowsComeBackInKeyOrderAfterReopening() {
        try (var database = Database.open(folder, List.of(ROWS))) {
            var table = database.table(ROWS);
            try (var batch = database.batch()) {
                batch.put(table, new Named("b", 1), value("b1"));
                batch.put(table, new Named("a\0x", -5), value("nul"));
                batch.put(table, new Named("a", 2), value("a2"));
                batch.put(table, new Named("a", 10), value("a10"));
                batch.put(table, new Named("ab", 3), value("ab3"));
                database.commit(batch, true);
            }
        }

        try (var database = Database.open(folder, List.of(ROWS))) {
            var table = database.table(ROWS);
            assertThat(names(table, Range.ALL)).containsExactly("a10", "a2", "nul", "ab3", "b1");
            var onlyA = Range.of(new KeyWriter().text("a"));
            assertThat(names(table, onlyA)).containsExactly("a10", "a2");
            assertThat(names(table, onlyA.after(new KeyWriter().text("a").descending(10))))
                    .containsExactly("a2");
            var backwards = new ArrayList<String>();
            table.scanBackwards(onlyA, (key, bytes) -> backwards.add(new String(bytes, UTF_8)));
            assertThat(backwards).containsExactly("a2", "a10");
            assertThat(table.get(new Named("a\0x", -5))).isPresent();
        }
    }

    @Test
    void readOnlyOpensBesideTheWriterAndKnowsNoNewTables() {
        try (var writer = Database.open(folder, List.of());
                var reader = Database.openReadOnly(folder)) {
            assertThat(reader.table(ROWS).get(new Named("a", 1))).isEmpty();
            assertThat(names(reader.table(ROWS), Range.ALL)).isEmpty();
            assertThat(writer.place()).isEqualTo(folder.toString());
        }
    }

    @Test
    void secondWriterIsToldWhoHoldsTheFolder() {
        try (var first = Database.open(folder, List.of(ROWS))) {
            assertThat(first.place()).isNotEmpty();
            assertThatThrownBy(() -> Database.open(folder, List.of(ROWS)))
                    .isInstanceOf(SlipwayException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("Another coordinator");
        }
    }

    @Test
    void checkpointIsACompleteCopy() {
        Path copy = folder.resolve("copy");
        try (var database = Database.open(folder.resolve("db"), List.of(ROWS));
                var batch = database.batch()) {
            batch.put(database.table(ROWS), new Named("a", 1), value("x"));
            database.commit(batch, true);
            database.checkpoint(copy);
        }

        try (var database = Database.openReadOnly(copy)) {
            assertThat(names(database.table(ROWS), Range.ALL)).containsExactly("x");
        }
        assertThat(Files.exists(copy.resolve("CURRENT"))).isTrue();
    }

    private static List<String> names(Table<Named, byte[]> table, Range range) {
        var names = new ArrayList<String>();
        table.scan(range, (key, bytes) -> names.add(new String(bytes, UTF_8)));
        return names;
    }

    private static byte[] value(String text) {
        return text.getBytes(UTF_8);
    }

    private record Named(String name, long number) {}
}
