package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.journal.ClusterLogs.Claim;
import dev.slipway.coordinator.journal.ClusterLogs.LogName;
import dev.slipway.coordinator.logs.LogOrder;
import dev.slipway.coordinator.logs.OutputLog;
import dev.slipway.coordinator.model.Changes;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.util.List;
import java.util.function.Consumer;

/// The journal of a leader in a cluster, for one reign. An entry is appended to the control log;
/// once it is durable there, what it changed is written to the local tables:
///
/// ```
/// encode → append → durable on a quorum → tables and position → answer
///                 └ failed: the reign is over
/// ```
///
/// It holds the output log as well, since both hang on one claim.
public final class ReplicatedJournal implements Journal {
    private static final EntryCodec CODEC = new EntryCodec();

    private final Tables tables;
    private final FarmState state;
    private final long epoch;
    private final DurableAppends control;
    private final DurableAppends output;
    private final Consumer<SlipwayException> onFailure;
    private long last;

    /// Opens both logs for writing.
    ///
    /// @param claim whose logs are applied to their ends
    /// @param state as of the control log's end
    /// @param onFailure called from any thread, maybe more than once: the reign is over
    public ReplicatedJournal(
            Claim claim, Tables tables, FarmState state, Consumer<SlipwayException> onFailure)
            throws InterruptedException {
        this.tables = tables;
        this.state = state;
        this.last = state.position();
        this.epoch = claim.epoch();
        this.onFailure = onFailure;
        this.control = appends(claim, LogName.CONTROL);
        this.output = appends(claim, LogName.OUTPUT);
    }

    private DurableAppends appends(Claim claim, LogName log) throws InterruptedException {
        return new DurableAppends(claim.open(log), claim.end(log), onFailure);
    }

    @Override
    public FarmState recover() {
        return state;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public void append(Entry entry, Changes changes) {
        if (entry.position() != last + 1 || changes.meta().position() != entry.position()) {
            throw new IllegalStateException(
                    "entry %d with changes of %d follows on %d"
                            .formatted(entry.position(), changes.meta().position(), last));
        }
        long position;
        try {
            position = control.append(List.of(CODEC.encode(entry))).getLast();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED, "Interrupted while appending.", interrupted);
        }
        tables.write(changes, position);
        last = entry.position();
    }

    /// The output log of this reign.
    public OutputLog output() {
        return new OutputLog() {
            @Override
            public List<Long> append(List<List<LogOrder>> groups) throws InterruptedException {
                return output.append(
                        groups.stream().map(group -> OutputCodec.encode(epoch, group)).toList());
            }

            @Override
            public void broken(SlipwayException problem) {
                onFailure.accept(problem);
            }
        };
    }

    /// Forgets entries of both logs that no coordinator needs any more.
    ///
    /// @param control position in the control log
    /// @param output position in the output log
    public void trim(long control, long output) throws InterruptedException {
        this.control.trim(control);
        this.output.trim(output);
    }

    /// Makes readers see the end of a log on which nothing happens.
    public void nudge(LogName log) throws InterruptedException {
        (log == LogName.CONTROL ? control : output).nudge();
    }

    /// Waits for nothing any longer; the claim belongs to whoever made it.
    @Override
    public void close() {
        control.abort();
        output.abort();
    }
}
