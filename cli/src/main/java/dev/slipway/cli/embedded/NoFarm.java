package dev.slipway.cli.embedded;

import dev.slipway.cli.client.ArtifactInfo;
import dev.slipway.cli.client.DeliveryReads;
import dev.slipway.cli.client.FarmReads;
import dev.slipway.cli.client.LogQuery;
import dev.slipway.cli.client.LogText;
import dev.slipway.cli.client.Run;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.client.RunFilter;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;

/// The embedded farm before its first run: it has nothing.
final class NoFarm implements FarmReads {
    @Override
    public RunDetail get(long run) {
        throw unknown(run);
    }

    @Override
    public List<Run> list(RunFilter filter) {
        return List.of();
    }

    @Override
    public void readLog(LogQuery query, Consumer<List<LogText>> lines) {
        throw unknown(query.run());
    }

    @Override
    public List<ArtifactInfo> artifacts(long run) {
        throw unknown(run);
    }

    @Override
    public void download(long run, String artifact, OutputStream to) {
        throw unknown(run);
    }

    @Override
    public DeliveryReads deliveries() {
        return new NoDeliveries();
    }

    @Override
    public void close() {
        // There is nothing to close.
    }

    private static SlipwayException unknown(long run) {
        return new SlipwayException(
                ErrorCode.RUN_NOT_FOUND,
                "there is no run "
                        + run
                        + ": nothing has run on this machine yet. `slipway run` runs the project in"
                        + " this folder; --server names another farm.");
    }
}
