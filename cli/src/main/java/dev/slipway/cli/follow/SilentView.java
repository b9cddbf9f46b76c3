package dev.slipway.cli.follow;

import dev.slipway.cli.client.Attempt;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.LogText;
import dev.slipway.cli.terminal.Terminal;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Shows nothing but messages: for `--json`, whose only output is its last word.
public final class SilentView implements FollowView {
    private final Terminal terminal;

    public SilentView(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void runChanged(FollowedRun run) {}

    @Override
    public void jobChanged(FollowedRun run, @Nullable Job before, Job after) {}

    @Override
    public void lines(FollowedRun run, Job job, List<LogText> lines) {}

    @Override
    public void logEnded(FollowedRun run, Job job, Attempt attempt) {}

    @Override
    public void message(String text) {
        terminal.message(text);
    }

    @Override
    public void tick() {}

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public void end() {}
}
