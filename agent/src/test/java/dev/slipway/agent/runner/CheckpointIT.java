package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.SmallDisk;
import dev.slipway.expression.Value;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

class CheckpointIT {
    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void chooseFile() {
        file = folder.resolve("checkpoint");
    }

    @Test
    void firstRecordOfAKeyCountsAlsoAfterAReopening() throws IOException {
        try (var checkpoint = Checkpoint.open(file)) {
            checkpoint.record("a", Value.of("first"));
            assertThat(checkpoint.record("a", Value.of("second"))).isEqualTo(Value.of("first"));
        }

        try (var checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.recall("a")).contains(Value.of("first"));
        }
    }

    @Test
    void recordThatWasCutIsDroppedAndWritingGoesOn() throws IOException {
        try (var checkpoint = Checkpoint.open(file)) {
            checkpoint.record("a", Value.of(1));
        }
        Files.writeString(file, "{\"k\":\"b\",\"v", StandardOpenOption.APPEND);

        try (var checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.recall("b")).isEmpty();
            checkpoint.record("c", Value.of(3));
        }

        try (var checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.recall("c")).contains(Value.of(3));
        }
    }

    @Test
    void damagedRecordBeforeTheEndIsAnError() throws IOException {
        Files.writeString(file, "{\"k\":\n{\"k\":\"a\",\"v\":1}\n");

        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is damaged");
    }

    @Test
    void interruptedWriterDoesNotCloseTheFile() throws IOException {
        try (var checkpoint = Checkpoint.open(file)) {
            Thread.currentThread().interrupt();
            checkpoint.record("a", Value.of(1));
            assertThat(Thread.interrupted()).isTrue();

            checkpoint.record("b", Value.of(2));
        }
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void recordThatAFullDiskCutIsNoDamageWhenThereIsRoomAgain(@TempDir Path mount)
            throws Exception {
        try (var disk = SmallDisk.make(mount.resolve("disk"), 1)) {
            Path full = disk.folder().resolve("checkpoint");
            try (var checkpoint = Checkpoint.open(full)) {
                checkpoint.record("before", Value.of(1));
                Path ballast = disk.fill();
                String large = "x".repeat(20_000);
                assertThatThrownBy(() -> checkpoint.record("cut", Value.of(large)))
                        .isInstanceOf(InfrastructureException.class)
                        .hasMessageContaining("No space left");
                Files.delete(ballast);
                checkpoint.record("after", Value.of(2));
            }

            try (var checkpoint = Checkpoint.open(full)) {
                assertThat(checkpoint.recall("before")).contains(Value.of(1));
                assertThat(checkpoint.recall("cut")).isEmpty();
                assertThat(checkpoint.recall("after")).contains(Value.of(2));
            }
        }
    }
}
