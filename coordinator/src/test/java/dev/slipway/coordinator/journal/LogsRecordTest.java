package dev.slipway.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.coordinator.journal.ClusterLogs.LogName;
import dev.slipway.coordinator.journal.LogsRecord.LedgerRef;
import dev.slipway.error.SlipwayException;

import org.junit.jupiter.api.Test;

import java.util.HexFormat;
import java.util.List;

class LogsRecordTest {
    private final LogsRecord record =
            LogsRecord.NONE
                    .claimed("me")
                    .with(LogName.CONTROL, new LedgerRef(7, 1))
                    .with(LogName.CONTROL, new LedgerRef(9, 101))
                    .with(LogName.CONTROL, new LedgerRef(12, 250))
                    .with(LogName.OUTPUT, new LedgerRef(8, 1));

    @Test
    void readsWhatItWrites() {
        assertThat(LogsRecord.decode(record.encode())).isEqualTo(record);
    }

    /// Written by 0.1.0; every later version must read it.
    @Test
    void readsTheFirstFormat() {
        byte[] golden =
                HexFormat.of()
                        .parseHex(
                                "080110021a0161220c0a0408071001"
                                        + "0a0408091065"
                                        + "2a060a0408081001");

        assertThat(LogsRecord.decode(golden))
                .isEqualTo(
                        new LogsRecord(
                                2,
                                "a",
                                List.of(new LedgerRef(7, 1), new LedgerRef(9, 101)),
                                List.of(new LedgerRef(8, 1)),
                                List.of()));
    }

    @Test
    void newerFormatsAndOtherThingsAreRefused() {
        assertThatThrownBy(() -> LogsRecord.decode(new byte[] {8, 2}))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("format 2");
        assertThatThrownBy(
                        () ->
                                LogsRecord.decode(
                                        "10.0.0.1"
                                                .getBytes(
                                                        java.nio.charset.StandardCharsets
                                                                .US_ASCII)))
                .isInstanceOf(SlipwayException.class);
    }

    @Test
    void ledgerWithoutEntriesIsRetiredByItsSuccessor() {
        LogsRecord next = record.with(LogName.CONTROL, new LedgerRef(13, 250));

        assertThat(next.ledgers(LogName.CONTROL))
                .containsExactly(
                        new LedgerRef(7, 1), new LedgerRef(9, 101), new LedgerRef(13, 250));
        assertThat(next.retired()).containsExactly(12L);
        assertThat(next.deleted(List.of(12L)).retired()).isEmpty();
    }

    @Test
    void trimmingRetiresWholeLedgersAndNeverTheLast() {
        assertThat(record.trimmed(LogName.CONTROL, 99)).isEqualTo(record);
        assertThat(record.trimmed(LogName.CONTROL, 100).ledgers(LogName.CONTROL))
                .containsExactly(new LedgerRef(9, 101), new LedgerRef(12, 250));
        LogsRecord all = record.trimmed(LogName.CONTROL, 10_000);
        assertThat(all.ledgers(LogName.CONTROL)).containsExactly(new LedgerRef(12, 250));
        assertThat(all.retired()).containsExactly(7L, 9L);
        assertThat(all.ledgers(LogName.OUTPUT)).isEqualTo(record.ledgers(LogName.OUTPUT));
    }
}
