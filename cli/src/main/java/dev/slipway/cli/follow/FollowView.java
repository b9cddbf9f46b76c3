package dev.slipway.cli.follow;

import dev.slipway.cli.client.Attempt;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.LogText;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Shows what happens in runs. All calls come from one thread, in order.
public interface FollowView {
    /// The run's record is new; `run.run()` has it.
    void runChanged(FollowedRun run);

    /// A job is new.
    ///
    /// @param before what was known of it; null when it was unknown
    void jobChanged(FollowedRun run, @Nullable Job before, Job after);

    /// Lines of an attempt at a job; the steps that they belong to are known.
    void lines(FollowedRun run, Job job, List<LogText> lines);

    /// No more lines of this attempt will come.
    void logEnded(FollowedRun run, Job job, Attempt attempt);

    /// A sentence for people.
    void message(String text);

    /// Time has passed; called several times a second if {@link #isLive}.
    void tick();

    /// Whether the view changes by itself as time passes.
    boolean isLive();

    /// Everything has been shown; leave the terminal tidy.
    void end();
}
