package dev.slipway.cli.follow;

import dev.slipway.cli.client.Attempt;
import dev.slipway.cli.client.Conclusion;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.LogText;
import dev.slipway.cli.client.Run;
import dev.slipway.cli.client.Status;
import dev.slipway.cli.client.Step;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs and jobs for tests.
public final class Sample {
    private static final Instant AT = Instant.parse("2026-11-24T10:00:00Z");

    private Sample() {}

    public static Run run(long number, Status status, @Nullable Conclusion conclusion) {
        return new Run(
                number,
                "acme/web",
                "ci" + number,
                ".github/workflows/ci.yml",
                "Mend it",
                "push",
                "refs/heads/main",
                "0123456789abcdef0123456789abcdef01234567",
                "ann",
                1,
                status,
                conclusion,
                AT,
                AT,
                status == Status.FINISHED ? AT.plusSeconds(12) : null,
                0,
                false,
                "",
                List.of());
    }

    public static Job job(
            int ordinal,
            String name,
            Status status,
            @Nullable Conclusion conclusion,
            String... steps) {
        var all = new ArrayList<Step>();
        for (String step : steps) {
            all.add(new Step(all.size(), step, "", status, conclusion, conclusion, AT, AT, 0L));
        }
        var attempt =
                new Attempt(
                        1,
                        1,
                        status,
                        conclusion,
                        "",
                        "",
                        "local",
                        AT,
                        AT,
                        null,
                        null,
                        all,
                        List.of(),
                        List.of(),
                        null,
                        false);
        return new Job(
                1,
                ordinal,
                name,
                name,
                List.of(),
                List.of("ubuntu-latest"),
                status,
                conclusion,
                AT,
                AT,
                status == Status.FINISHED ? AT.plusSeconds(3) : null,
                "",
                "",
                Map.of(),
                "",
                "",
                List.of(attempt));
    }

    public static LogText line(int job, int step, String text) {
        return new LogText(job, 1, step, AT, text.getBytes(StandardCharsets.UTF_8), false, false);
    }
}
