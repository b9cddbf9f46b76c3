package dev.slipway.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.client.Conclusion;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.client.Status;
import dev.slipway.cli.follow.Sample;
import dev.slipway.cli.terminal.Paint;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class RunTextTest {
    private final RunDetail detail =
            new RunDetail(
                    Sample.run(7, Status.FINISHED, Conclusion.FAILURE),
                    List.of(
                            Sample.job(
                                    1, "test (17)", Status.FINISHED, Conclusion.FAILURE, "Run x")),
                    3);

    @Test
    void showTellsRunJobsAndSteps() {
        List<String> lines =
                RunText.of(detail, new Paint(false), Instant.parse("2026-11-24T11:00:00Z"));

        assertThat(lines)
                .contains(
                        "Run 7: Mend it",
                        "ci7 (.github/workflows/ci.yml) · push on main at 01234567 by ann",
                        "✗ failure in 12s",
                        "✗ test (17)  failure 3.0s  on local",
                        "    ✗ Run x  0.0s");
    }

    @Test
    void jsonHasTheFourKeysOnTop() {
        Value json = Json.parse(RunJson.detail(detail));

        assertThat(json.get("run").text()).isEqualTo("7");
        assertThat(json.get("status").text()).isEqualTo("finished");
        assertThat(json.get("conclusion").text()).isEqualTo("failure");
        Value step = json.get("jobs").get(0).get("attempts").get(0).get("steps").get(0);
        assertThat(step.get("name").text()).isEqualTo("Run x");
    }

    @Test
    void tableColumnsLineUpWithoutCountingColours() {
        var table = new Table("A", "B");
        table.row(new Paint(true).red("long"), "1");
        table.row("x", "2");

        assertThat(table.lines().get(0)).isEqualTo("A     B");
        assertThat(table.lines().get(2)).isEqualTo("x     2");
    }
}
