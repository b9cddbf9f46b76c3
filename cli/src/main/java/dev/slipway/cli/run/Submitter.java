package dev.slipway.cli.run;

import dev.slipway.cli.client.CommitInfo;
import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.Submission;
import dev.slipway.cli.project.EventOptions;
import dev.slipway.cli.project.Happening;
import dev.slipway.cli.project.Project;
import dev.slipway.cli.project.RecentCommits;
import dev.slipway.cli.project.Selection;
import dev.slipway.cli.project.Selection.Choice;
import dev.slipway.cli.project.SourceBundle;
import dev.slipway.cli.project.WorkingTree;
import dev.slipway.cli.report.Durations;
import dev.slipway.cli.terminal.Failures;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// From a path and options to runs on a farm: finds the project, decides what runs, packs the
/// working tree, uploads it and submits.
final class Submitter {
    private final Terminal terminal;
    private final Ports ports;

    Submitter(Terminal terminal, Ports ports) {
        this.terminal = terminal;
        this.ports = ports;
    }

    /// What was found to be run, before any farm is asked.
    ///
    /// @param broken paths of workflows that cannot run; their problems have been told
    record Prepared(
            Project project,
            Happening happening,
            Submission.Options options,
            List<Choice.Runs> chosen,
            List<String> broken,
            WorkingTree tree) {
        /// The last word of a command that ran the others.
        void sayBroken(Terminal terminal) {
            Failures.say(
                    terminal,
                    "did not run because of the problems above: " + String.join(", ", broken));
        }
    }

    /// A run that the farm has taken.
    record Submitted(long run, String workflow, String path) {}

    /// Decides what runs and tells people about the rest.
    ///
    /// @param leftOut folders that never belong to a run
    /// @throws SlipwayException with INVALID_ARGUMENT or INVALID_WORKFLOW when nothing runs
    Prepared prepare(Path path, EventOptions event, SubmitOptions submit, Collection<Path> leftOut)
            throws IOException, InterruptedException {
        Project project = Project.at(path);
        project.warnings().forEach(warning -> warn(warning));
        WorkingTree tree = project.tree(leftOut);
        Happening happening = Happening.of(project, event, project.sha(tree), actor());
        Submission.Options options = submit.read(terminal, happening.inputs());
        List<Choice> choices = new Selection(project, happening, submit.jobs()).choices();
        var chosen = new ArrayList<Choice.Runs>();
        var broken = new ArrayList<String>();
        var reasons = new ArrayList<String>();
        for (Choice choice : choices) {
            switch (choice) {
                case Choice.Runs runs -> chosen.add(runs);
                case Choice.Ignored(String file, String reason) ->
                        reasons.add("  " + file + ": " + reason);
                case Choice.Broken(String file, List<String> problems) -> {
                    broken.add(file);
                    problems.forEach(terminal::message);
                }
            }
        }
        if (chosen.isEmpty() && !broken.isEmpty()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_WORKFLOW,
                    "nothing runs: "
                            + (broken.size() == 1
                                    ? broken.getFirst() + " has"
                                    : broken.size() + " workflows have")
                            + " problems"
                            + (reasons.isEmpty() ? "" : "; the others do not match:\n")
                            + String.join("\n", reasons));
        }
        if (chosen.isEmpty()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "nothing runs for this event ("
                            + happening.facts().event()
                            + "):\n"
                            + String.join("\n", reasons)
                            + "\n"
                            + "`slipway plan --event NAME` shows what would run for another"
                            + " one.");
        }
        chosen.stream().filter(runs -> runs.warnings() > 0).forEach(runs -> warnAbout(runs));
        return new Prepared(project, happening, options, chosen, broken, tree);
    }

    private void warnAbout(Choice.Runs runs) {
        warn(
                runs.path()
                        + " has "
                        + (runs.warnings() == 1 ? "a warning" : runs.warnings() + " warnings")
                        + "; `slipway lint` shows "
                        + (runs.warnings() == 1 ? "it" : "them"));
    }

    private void warn(String text) {
        terminal.message(terminal.messagePaint().yellow("warning:") + " " + text);
    }

    /// Who types: a name for `github.actor`.
    private String actor() {
        return terminal.variable("SLIPWAY_ACTOR")
                .or(() -> terminal.variable("USER"))
                .orElseGet(() -> System.getProperty("user.name", "unknown"));
    }

    /// Packs the working tree and the history behind it.
    static SourceBundle pack(Prepared prepared) throws IOException, InterruptedException {
        return SourceBundle.pack(prepared.project(), prepared.tree());
    }

    /// Uploads the working tree and submits every run.
    List<Submitted> submit(Prepared prepared, SourceBundle bundle, Farm farm)
            throws InterruptedException {
        if (terminal.errIsTerminal() && bundle.blob().size() > 10L << 20) {
            terminal.message(
                    "Uploading %d files, %s …"
                            .formatted(
                                    prepared.tree().size(), Durations.bytes(bundle.blob().size())));
        }
        farm.upload(bundle.blob(), bundle.file());
        List<CommitInfo> commits = RecentCommits.of(prepared.project());
        var submitted = new ArrayList<Submitted>();
        for (Choice.Runs runs : prepared.chosen()) {
            long number =
                    farm.submit(
                            new Submission(
                                    ports.ids().fresh(),
                                    prepared.project().name(),
                                    runs.text(),
                                    runs.called(),
                                    prepared.happening().forSubmission(),
                                    bundle.blob(),
                                    prepared.options(),
                                    commits));
            submitted.add(new Submitted(number, runs.name(), runs.path()));
        }
        return submitted;
    }
}
