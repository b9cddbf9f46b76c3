package dev.slipway.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.coordinator.journal.InMemoryJournal;
import dev.slipway.coordinator.journal.StateDigest;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.Status;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.Refusal;
import dev.slipway.error.SlipwayException;
import dev.slipway.testkit.ManualTime;
import dev.slipway.testkit.SeededIds;
import dev.slipway.time.SystemThreads;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

class SingleWriterTest {
    private static final String BUILD =
            """
            on: push
            jobs:
              build: {runs-on: linux, steps: [{run: make}]}
            """;

    private final EngineFixture specs = new EngineFixture();
    private final InMemoryJournal journal = new InMemoryJournal();
    private final ManualTime time = new ManualTime();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final CountDownLatch failed = new CountDownLatch(1);

    @Test
    void answerMeansThatTheTablesHaveIt() throws InterruptedException {
        try (SingleWriter engine = start(EngineSettings.STANDALONE)) {
            long run = engine.ask(new Command.SubmitRun(specs.spec(BUILD))).run();

            assertThat(journal.runs().run(run)).isPresent();
            assertThat(journal.runs().position()).isEqualTo(engine.position());
        }
    }

    @Test
    void requestThatCannotBeDecidedOnEndsNothingButItself() throws InterruptedException {
        try (SingleWriter engine = start(EngineSettings.STANDALONE)) {
            RunSpec damaged = specs.specWithEvent(BUILD, "[1");

            assertThatThrownBy(() -> engine.ask(new Command.SubmitRun(damaged)))
                    .isInstanceOfSatisfying(
                            SlipwayException.class,
                            told -> assertThat(told.code()).isEqualTo(ErrorCode.INTERNAL));

            assertThat(engine.ask(new Command.SubmitRun(specs.spec(BUILD))).run()).isPositive();
            assertThat(failure.get()).isNull();
        }
    }

    @Test
    void listenersHearOfEverythingAfterTheirPosition() throws InterruptedException {
        var heard = new ArrayList<Event>();
        try (SingleWriter engine = start(EngineSettings.STANDALONE)) {
            long from = engine.listen((position, events) -> heard.addAll(events));
            engine.ask(new Command.SubmitRun(specs.spec(BUILD)));
            engine.read(EngineView::queuedJobs);

            var after = new ArrayList<Event>();
            journal.replay(from, entry -> after.addAll(entry.events()));
            assertThat(heard).isEqualTo(after).isNotEmpty();
        }
    }

    @Test
    void readsSeeJobsAgentsAndReasons() throws InterruptedException {
        try (SingleWriter engine = start(EngineSettings.STANDALONE)) {
            engine.ask(new Command.AgentConnected(EngineFixture.info("mac", 1, "macos"), 1));
            long run = engine.ask(new Command.SubmitRun(specs.spec(BUILD))).run();

            assertThat(engine.read(EngineView::queuedJobs)).isEqualTo(1);
            List<Explanation> reasons = engine.read(view -> view.explain(run, "build"));
            assertThat(reasons)
                    .singleElement()
                    .satisfies(why -> assertThat(why.reason()).contains("linux"));
            engine.ask(new Command.AgentConnected(EngineFixture.info("tux", 1, "linux"), 2));
            assertThat(engine.read(EngineView::leasedJobs)).isEqualTo(1);
            assertThat(engine.read(EngineView::agents))
                    .extracting(agent -> agent.info().name() + agent.busySlots())
                    .containsExactly("mac0", "tux1");
        }
    }

    @Test
    void failedJournalEndsTheEngineAndTheRestartGoesOn() throws InterruptedException {
        SingleWriter engine = start(EngineSettings.STANDALONE);
        long run = engine.ask(new Command.SubmitRun(specs.spec(BUILD))).run();
        journal.failFromNowOn();

        assertThatThrownBy(() -> engine.ask(new Command.SubmitRun(specs.spec(BUILD))))
                .isInstanceOfSatisfying(
                        SlipwayException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ErrorCode.NOT_LEADER));
        failed.await();
        assertThat(failure.get()).hasMessageContaining("told to fail");
        engine.close();

        try (SingleWriter next = start(EngineSettings.STANDALONE)) {
            assertThat(next.epoch()).isEqualTo(2);
            Status status = next.read(view -> statusOf(view.farm(), run));
            long lastRun = next.read(view -> view.farm().lastRun());
            assertThat(status).isEqualTo(Status.QUEUED);
            assertThat(lastRun).isEqualTo(run);
        }
        assertThat(StateDigest.of(journal.replayed())).isEqualTo(StateDigest.of(journal.recover()));
    }

    @Test
    void fullQueueRefusesAtOnce() throws InterruptedException {
        var settings =
                new EngineSettings(
                        2,
                        1,
                        EngineSettings.STANDALONE.leaseTtl(),
                        EngineSettings.STANDALONE.killGrace(),
                        2,
                        EngineSettings.STANDALONE.agingStep());
        try (SingleWriter engine = start(settings)) {
            var entered = new CountDownLatch(1);
            var leave = new CountDownLatch(1);
            var refusals = new ArrayList<Refusal>();
            engine.submit(
                    new Command.RemoveRuns(List.of()),
                    new Probe(
                            refusal -> {},
                            () -> {
                                entered.countDown();
                                awaitQuietly(leave);
                            }));
            entered.await();

            for (int i = 0; i < 3; i++) {
                engine.submit(
                        new Command.RemoveRuns(List.of()), new Probe(refusals::add, () -> {}));
            }
            leave.countDown();

            assertThat(refusals)
                    .singleElement()
                    .satisfies(
                            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED));
        }
    }

    @Test
    void closedEngineAnswersNotLeader() {
        SingleWriter engine = start(EngineSettings.STANDALONE);
        engine.close();

        assertThatThrownBy(() -> engine.read(EngineView::queuedJobs))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("stopped serving");
    }

    @Test
    void brokenReaderHarmsOnlyItself() throws InterruptedException {
        try (SingleWriter engine = start(EngineSettings.STANDALONE)) {
            assertThatThrownBy(
                            () ->
                                    engine.read(
                                            view -> {
                                                throw new IllegalStateException("oops");
                                            }))
                    .hasMessageContaining("oops");

            assertThat(engine.read(EngineView::queuedJobs)).isZero();
        }
    }

    private SingleWriter start(EngineSettings settings) {
        return SingleWriter.start(
                settings,
                journal,
                new EnginePorts(
                        time, time, new SystemThreads(), new SeededIds(1), Authority.STANDALONE),
                problem -> {
                    failure.set(problem);
                    failed.countDown();
                });
    }

    private static Status statusOf(FarmView farm, long run) {
        return farm.jobs(run).iterator().next().status();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException signal) {
            Thread.currentThread().interrupt();
        }
    }

    private record Probe(java.util.function.Consumer<Refusal> onRefusal, Runnable onAccept)
            implements Reply<Command.RunsGone> {
        @Override
        public void accepted(Command.RunsGone answer, long position) {
            onAccept.run();
        }

        @Override
        public void refused(Refusal refusal) {
            onRefusal.accept(refusal);
        }
    }
}
