package dev.slipway.cli.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.cli.TestTerminal;
import dev.slipway.cli.client.Conclusion;
import dev.slipway.cli.client.RunChange;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.client.Status;
import dev.slipway.cli.client.WaitReason;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.testkit.ManualTime;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

class RunFollowerTest {
    private final Ports ports = Ports.system();
    private final TestTerminal terminal = new TestTerminal();
    private final ScriptedFarm farm = new ScriptedFarm();

    @AfterEach
    void close() {
        ports.close();
    }

    private List<RunDetail> follow(long... runs) throws InterruptedException {
        var view =
                new PlainView(
                        terminal.terminal(), ports.clock(), runs.length > 1, _ -> true, () -> {});
        try (var follower = new RunFollower(farm, ports, view)) {
            return follower.follow(
                    java.util.Arrays.stream(runs).boxed().toList(), _ -> true, _ -> false);
        }
    }

    @Test
    void linesHaveTheirJobAndStepInFront() throws InterruptedException {
        farm.changes(
                1,
                new RunChange(
                        1,
                        Sample.run(1, Status.RUNNING, null),
                        List.of(Sample.job(1, "build", Status.RUNNING, null, "Run make"))),
                new RunChange(
                        2,
                        Sample.run(1, Status.FINISHED, Conclusion.SUCCESS),
                        List.of(
                                Sample.job(
                                        1,
                                        "build",
                                        Status.FINISHED,
                                        Conclusion.SUCCESS,
                                        "Run make"))));
        farm.log(1, "build", Sample.line(1, 0, "compiling"), Sample.line(1, 0, "linked"));

        List<RunDetail> details = follow(1);

        assertThat(terminal.out())
                .contains("build | Run make | compiling\nbuild | Run make | linked\n")
                .contains("build | ✓ success");
        assertThat(details).hasSize(1);
        assertThat(details.getFirst().run().conclusion()).isEqualTo(Conclusion.SUCCESS);
    }

    @Test
    void lineOfAStepThatIsNeverNamedIsShownAtTheEnd() throws InterruptedException {
        farm.changes(
                1,
                new RunChange(
                        1,
                        Sample.run(1, Status.FINISHED, Conclusion.SUCCESS),
                        List.of(Sample.job(1, "build", Status.RUNNING, null))));
        farm.log(1, "build", Sample.line(1, 7, "orphan"));

        follow(1);

        assertThat(terminal.out()).contains("build | step 7 | orphan\n");
    }

    @Test
    void severalRunsHaveTheirWorkflowInFront() throws InterruptedException {
        for (long run = 1; run <= 2; run++) {
            farm.changes(
                    run,
                    new RunChange(
                            1,
                            Sample.run(run, Status.FINISHED, Conclusion.FAILURE),
                            List.of(
                                    Sample.job(
                                            1,
                                            "build",
                                            Status.FINISHED,
                                            Conclusion.FAILURE,
                                            "Run make"))));
            farm.log(run, "build", Sample.line(1, 0, "of run " + run));
        }

        assertThat(follow(1, 2))
                .extracting(detail -> detail.run().number())
                .containsExactly(1L, 2L);
        assertThat(terminal.out())
                .contains("ci1/build | Run make | of run 1\n", "ci2/build | Run make | of run 2\n")
                .contains("ci1/build | Run make | ✗ failed");
    }

    @Test
    void errorOfAStreamEndsTheFollowing() {
        farm.failure(new SlipwayException(ErrorCode.RUN_NOT_FOUND, "there is no run 9"));

        assertThatThrownBy(() -> follow(9)).hasMessage("there is no run 9");
    }

    @Test
    void interruptEndsTheFollowingWhenAsked() throws InterruptedException {
        farm.neverEnd();
        var view = new SilentView(terminal.terminal());
        try (var follower = new RunFollower(farm, ports, view)) {
            follower.interrupt();
            follower.interrupt();

            List<RunDetail> details = follower.follow(List.of(1L), _ -> true, count -> count < 2);

            assertThat(details).isEmpty();
        }
    }

    @Test
    void jobThatNoAgentTakesIsExplainedOnce() throws InterruptedException {
        var time = new ManualTime();
        var waiting = new WaitReason("gpu", Status.QUEUED, "no agent has gpu", "Start one.");
        farm.waits(waiting);
        var said = new LinkedBlockingQueue<List<WaitReason>>();
        var manual = new Ports(time, time, ports.threads(), ports.ids());
        try (var notes = new WaitNotes(farm, manual, (run, reasons) -> said.add(reasons))) {
            var run = new FollowedRun(1);
            var job = Sample.job(1, "gpu", Status.QUEUED, null);
            run.apply(new RunChange(1, null, List.of(job)), new SilentView(terminal.terminal()));
            notes.changed(run);
            assertThat(said).isEmpty();

            time.advance(Duration.ofSeconds(3));
            assertThat(notes.news(run, said.take()))
                    .containsExactly("gpu waits: no agent has gpu\n    Start one.");
            time.advance(Duration.ofSeconds(15));
            assertThat(notes.news(run, said.take())).isEmpty();
        }
    }
}
