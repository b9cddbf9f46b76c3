package dev.slipway.cli.report;

import dev.slipway.cli.client.Conclusion;
import dev.slipway.cli.client.Status;
import dev.slipway.cli.terminal.Paint;

import org.jspecify.annotations.Nullable;

/// One sign and one word for where something is or how it ended.
public final class Marks {
    private Marks() {}

    /// A coloured sign, one column wide.
    public static String sign(Status status, @Nullable Conclusion conclusion, Paint paint) {
        if (status == Status.FINISHED && conclusion != null) {
            return switch (conclusion) {
                case SUCCESS -> paint.green("✓");
                case FAILURE, TIMED_OUT -> paint.red("✗");
                case CANCELLED -> paint.yellow("⊘");
                case SKIPPED -> paint.dim("-");
            };
        }
        return switch (status) {
            case RUNNING -> paint.cyan("●");
            case LEASED -> paint.cyan("○");
            case WAITING, BLOCKED, QUEUED, FINISHED -> paint.dim("○");
        };
    }

    /// `success`, `timed out`, or the status while it has not ended.
    public static String word(Status status, @Nullable Conclusion conclusion) {
        return status == Status.FINISHED && conclusion != null
                ? conclusion.word().replace('_', ' ')
                : status.word();
    }
}
