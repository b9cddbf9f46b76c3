package dev.slipway.cli.run;

import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.FarmOption;
import dev.slipway.cli.client.GrpcFarm;
import dev.slipway.cli.client.Run;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.embedded.LocalFarm;
import dev.slipway.cli.embedded.StateFolder;
import dev.slipway.cli.follow.FollowView;
import dev.slipway.cli.follow.PlainView;
import dev.slipway.cli.follow.RunFollower;
import dev.slipway.cli.follow.SilentView;
import dev.slipway.cli.follow.TreeView;
import dev.slipway.cli.project.EventOptions;
import dev.slipway.cli.project.SourceBundle;
import dev.slipway.cli.report.RunJson;
import dev.slipway.cli.run.Submitter.Prepared;
import dev.slipway.cli.run.Submitter.Submitted;
import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Signals;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `slipway run`: submit and follow. Without a server a whole farm runs inside this process.
@Command(
        description = {
            "PATH is a workflow file, or a project: all its workflows that the event starts. The"
                    + " folder's files run as they are, uncommitted changes included.",
            "Exits with 0 when everything succeeded, 1 when a run failed, was cancelled or timed"
                    + " out. Ctrl-C cancels the run (with --server it only stops following); twice"
                    + " kills it."
        },
        footer = {
            "  slipway run                                     this project, as for a push",
            "  slipway run .github/workflows/ci.yml --job test",
            "  slipway run --event workflow_dispatch --input level=debug --secret API_KEY",
            "  slipway run --server farm:7433 --detach         submit only"
        })
public final class RunCommand extends CliCommand {
    private static final int INTERRUPTED = 130;

    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            defaultValue = ".",
            description = "Workflow file or project folder (default: this folder).")
    private Path path = Path.of(".");

    @Mixin private FarmOption farmOption = new FarmOption();
    @Mixin private EventOptions event = new EventOptions();
    @Mixin private SubmitOptions submit = new SubmitOptions();

    @Option(
            names = {"-d", "--detach"},
            description = "Do not follow; an embedded farm goes on in the background.")
    private boolean detach;

    @Option(
            names = "--json",
            description = "Print, at the end, one JSON object a line for each run, as `show` does.")
    private boolean json;

    public RunCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Ports ports = Ports.system()) {
            var submitter = new Submitter(terminal, ports);
            StateFolder state = StateFolder.of(terminal);
            Prepared prepared = submitter.prepare(path, event, submit, List.of(state.path()));
            var access = new FarmAccess(farmOption, state, terminal, ports);
            int exitCode =
                    detach || !access.isEmbedded()
                            ? runElsewhere(access, submitter, prepared, ports)
                            : runHere(access, state, submitter, prepared, ports);
            if (prepared.broken().isEmpty()) {
                return exitCode;
            }
            prepared.sayBroken(terminal);
            return Math.max(exitCode, ErrorCode.INVALID_WORKFLOW.exitCode());
        }
    }

    private int runElsewhere(FarmAccess access, Submitter submitter, Prepared prepared, Ports ports)
            throws IOException, InterruptedException {
        try (SourceBundle bundle = Submitter.pack(prepared);
                Farm farm = access.farm()) {
            if (detach) {
                new SubmittedRuns(terminal, farmOption.inHint())
                        .print(submitter.submit(prepared, bundle, farm), json);
                return 0;
            }
            return follow(farm, new Submission(submitter, prepared, bundle), ports, new Leaving());
        }
    }

    /// With the farm in this process, or in the one that serves the state folder.
    private int runHere(
            FarmAccess access,
            StateFolder state,
            Submitter submitter,
            Prepared prepared,
            Ports ports)
            throws IOException, InterruptedException {
        Optional<StateFolder.Lock> lock = state.tryLock();
        if (lock.isEmpty()) {
            try (SourceBundle bundle = Submitter.pack(prepared);
                    Farm farm = access.farm()) {
                return follow(
                        farm,
                        new Submission(submitter, prepared, bundle),
                        ports,
                        new Cancelling(farm, ports));
            }
        }
        try (LocalFarm local = LocalFarm.start(state, lock.get(), Optional.empty(), ports);
                SourceBundle bundle = Submitter.pack(prepared);
                Farm farm = new GrpcFarm(List.of(local.address()), ports, terminal::message)) {
            int exitCode =
                    follow(
                            farm,
                            new Submission(submitter, prepared, bundle),
                            ports,
                            new Cancelling(farm, ports));
            if (!local.idle()) {
                local.handOver();
            }
            return exitCode;
        }
    }

    /// The runs that are going to be made.
    private record Submission(Submitter submitter, Prepared prepared, SourceBundle bundle) {
        List<Submitted> to(Farm farm) throws InterruptedException {
            return submitter.submit(prepared, bundle, farm);
        }
    }

    /// Ctrl-C counts from before the runs exist, so that none is left behind by one in between.
    private int follow(Farm farm, Submission submission, Ports ports, CtrlC ctrlC)
            throws InterruptedException {
        FollowView view = view(ports, submission.prepared().chosen().size() > 1);
        try (var follower = new RunFollower(farm, ports, view);
                var _ = Signals.handle("INT", follower::interrupt);
                var _ = Signals.handle("TERM", follower::interrupt)) {
            List<Submitted> runs = submission.to(farm);
            List<RunDetail> details =
                    follower.follow(
                            runs.stream().map(Submitted::run).toList(),
                            _ -> true,
                            count -> ctrlC.goOn(count, runs, follower));
            var summary = new RunSummary(terminal, farmOption.inHint());
            int exitCode = details.size() < runs.size() ? INTERRUPTED : 0;
            for (RunDetail detail : details) {
                if (detail.run().isFinished()) {
                    report(farm, detail, summary, ports);
                }
                exitCode = Math.max(exitCode, exitCode(detail.run()));
            }
            return exitCode;
        }
    }

    private static int exitCode(Run run) {
        if (!run.isFinished()) {
            return INTERRUPTED;
        }
        return run.conclusion() != null && run.conclusion().isBad() ? 1 : 0;
    }

    private void report(Farm farm, RunDetail detail, RunSummary summary, Ports ports)
            throws InterruptedException {
        if (json) {
            terminal.print(RunJson.detail(detail));
        } else {
            summary.print(detail, farm.artifacts(detail.run().number()), ports.clock().now());
        }
    }

    private FollowView view(Ports ports, boolean severalRuns) {
        if (json) {
            return new SilentView(terminal);
        }
        return terminal.canBeDrawnOn()
                ? new TreeView(terminal, ports.clock())
                : new PlainView(terminal, ports.clock(), severalRuns, _ -> true, () -> {});
    }

    /// What Ctrl-C means; the count begins at 1.
    private interface CtrlC {
        boolean goOn(int count, List<Submitted> runs, RunFollower follower);
    }

    /// On somebody else's farm the run goes on.
    private final class Leaving implements CtrlC {
        @Override
        public boolean goOn(int count, List<Submitted> runs, RunFollower follower) {
            terminal.message("Stopped following. It goes on:");
            for (Submitted run : runs) {
                terminal.message(
                        "  slipway logs %s-f %d    slipway cancel %s%d"
                                .formatted(
                                        farmOption.inHint(),
                                        run.run(),
                                        farmOption.inHint(),
                                        run.run()));
            }
            return false;
        }
    }

    /// On the embedded farm the run is cancelled, then killed, then left alone.
    private static final class Cancelling implements CtrlC {
        private final Farm farm;
        private final Ports ports;

        Cancelling(Farm farm, Ports ports) {
            this.farm = farm;
            this.ports = ports;
        }

        @Override
        public boolean goOn(int count, List<Submitted> runs, RunFollower follower) {
            return switch (count) {
                case 1 -> {
                    follower.say("Cancelling the run; Ctrl-C again kills it.");
                    ports.threads().start("cancel", () -> cancel(runs, false, follower));
                    yield true;
                }
                case 2 -> {
                    follower.say("Killing the run.");
                    ports.threads().start("kill", () -> cancel(runs, true, follower));
                    yield true;
                }
                default -> false;
            };
        }

        private void cancel(List<Submitted> runs, boolean force, RunFollower follower) {
            try {
                for (Submitted run : runs) {
                    cancel(run.run(), force);
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException problem) {
                follower.fail(problem);
            }
        }

        /// A run that has ended meanwhile needs no cancel.
        private void cancel(long run, boolean force) throws InterruptedException {
            try {
                farm.cancel(run, "", force ? "Ctrl-C, twice" : "Ctrl-C", force);
            } catch (SlipwayException refused) {
                if (refused.code() != ErrorCode.RUN_ALREADY_FINISHED) {
                    throw refused;
                }
            }
        }
    }
}
