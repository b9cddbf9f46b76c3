package dev.slipway.cli;

import dev.slipway.cli.bench.BenchCommand;
import dev.slipway.cli.data.BackupCommand;
import dev.slipway.cli.data.RestoreCommand;
import dev.slipway.cli.data.VerifyDataCommand;
import dev.slipway.cli.inspect.AgentsCommand;
import dev.slipway.cli.inspect.ApproveCommand;
import dev.slipway.cli.inspect.ArtifactsCommand;
import dev.slipway.cli.inspect.CancelCommand;
import dev.slipway.cli.inspect.DeploymentsCommand;
import dev.slipway.cli.inspect.DoraCommand;
import dev.slipway.cli.inspect.DrainCommand;
import dev.slipway.cli.inspect.EnvironmentCommand;
import dev.slipway.cli.inspect.EnvironmentsCommand;
import dev.slipway.cli.inspect.ExplainCommand;
import dev.slipway.cli.inspect.IncidentCommand;
import dev.slipway.cli.inspect.LogsCommand;
import dev.slipway.cli.inspect.MembersCommand;
import dev.slipway.cli.inspect.NotificationsCommand;
import dev.slipway.cli.inspect.RerunCommand;
import dev.slipway.cli.inspect.ResumeCommand;
import dev.slipway.cli.inspect.RollbackCommand;
import dev.slipway.cli.inspect.RunsCommand;
import dev.slipway.cli.inspect.ShowCommand;
import dev.slipway.cli.language.EvalCommand;
import dev.slipway.cli.language.LintCommand;
import dev.slipway.cli.language.PlanCommand;
import dev.slipway.cli.run.RunCommand;
import dev.slipway.cli.run.SubmitCommand;
import dev.slipway.cli.serve.AgentCommand;
import dev.slipway.cli.serve.BookieCommand;
import dev.slipway.cli.serve.CoordinatorCommand;
import dev.slipway.cli.serve.FarmCommand;
import dev.slipway.cli.serve.KeyFileCommand;
import dev.slipway.cli.serve.ZooKeeperCommand;
import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Terminal;

import java.util.List;
import java.util.Optional;

/// All commands: name, place in the help, one line of purpose, and how to make one.
///
/// Only the command that was typed is loaded: `slipway lint` must not pay for gRPC.
enum CommandTable {
    RUN("run", Group.RUNS, "Run a workflow and follow it to its end"),
    SUBMIT("submit", Group.RUNS, "Queue runs on a farm and print their numbers"),
    SHOW("show", Group.RUNS, "Show a run: status, jobs, attempts, steps, annotations"),
    LOGS("logs", Group.RUNS, "Print what the steps of a run printed"),
    RUNS("runs", Group.RUNS, "List runs, newest first"),
    CANCEL("cancel", Group.RUNS, "Cancel a run or one of its jobs"),
    RERUN("rerun", Group.RUNS, "Run a finished run's jobs again"),
    EXPLAIN("explain", Group.RUNS, "Say why jobs of a run wait"),
    ARTIFACTS("artifacts", Group.RUNS, "List or download the files that a run left"),
    DEPLOYMENTS("deployments", Group.DELIVERY, "List deployments, newest first"),
    ENVIRONMENTS("environments", Group.DELIVERY, "List environments and what is current there"),
    ENVIRONMENT("environment", Group.DELIVERY, "Say what protects an environment"),
    APPROVE("approve", Group.DELIVERY, "Approve or reject what waits for its environment"),
    ROLLBACK("rollback", Group.DELIVERY, "Bring an earlier deployment back"),
    DORA("dora", Group.DELIVERY, "Show how often, how fast and how well you deliver"),
    INCIDENT("incident", Group.DELIVERY, "Open, close and list incidents"),
    NOTIFICATIONS("notifications", Group.DELIVERY, "Say whom to tell of what, see what is owed"),
    LINT("lint", Group.WORKFLOWS, "Check workflow files and report all problems"),
    PLAN("plan", Group.WORKFLOWS, "Show what would run for an event, and why"),
    EVAL("eval", Group.WORKFLOWS, "Evaluate a workflow expression"),
    COORDINATOR("coordinator", Group.FARM, "Start a coordinator"),
    KEY_FILE("key-file", Group.FARM, "Make the keys that coordinators of a cluster share"),
    AGENT("agent", Group.FARM, "Start an agent that runs jobs"),
    BOOKIE("bookie", Group.FARM, "Start a bookie, which keeps a cluster's logs"),
    ZOOKEEPER("zookeeper", Group.FARM, "Start a ZooKeeper server for a cluster"),
    AGENTS("agents", Group.FARM, "List the agents of a farm"),
    MEMBERS("members", Group.FARM, "List the coordinators of a farm and who leads"),
    DRAIN("drain", Group.FARM, "Give an agent no new jobs"),
    RESUME("resume", Group.FARM, "Take a drain back"),
    BACKUP("backup", Group.FARM, "Copy a farm's data while it runs"),
    RESTORE("restore", Group.FARM, "Make a data directory from a backup"),
    VERIFY_DATA("verify-data", Group.FARM, "Read all of a farm's data and say what is damaged"),
    BENCH("bench", Group.FARM, "Measure a farm with simulated agents"),
    COMPLETION("completion", Group.PROGRAM, "Print a completion script for bash or zsh"),
    VERSION("version", Group.PROGRAM, "Print the version"),
    FARM("farm", Group.HIDDEN, "Serve the embedded farm until it is idle");

    private final String commandName;
    private final Group group;
    private final String summary;

    CommandTable(String commandName, Group group, String summary) {
        this.commandName = commandName;
        this.group = group;
        this.summary = summary;
    }

    static Optional<CommandTable> find(String name) {
        for (CommandTable entry : values()) {
            if (entry.commandName.equals(name)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /// What `slipway --help` lists.
    static List<CommandTable> visible() {
        return List.of(values()).stream().filter(entry -> entry.group != Group.HIDDEN).toList();
    }

    String commandName() {
        return commandName;
    }

    Group group() {
        return group;
    }

    String summary() {
        return summary;
    }

    /// Makes the command; only now its classes are loaded.
    CliCommand create(Terminal terminal) {
        return switch (this) {
            case RUN -> new RunCommand(terminal);
            case SUBMIT -> new SubmitCommand(terminal);
            case SHOW -> new ShowCommand(terminal);
            case LOGS -> new LogsCommand(terminal);
            case RUNS -> new RunsCommand(terminal);
            case CANCEL -> new CancelCommand(terminal);
            case RERUN -> new RerunCommand(terminal);
            case EXPLAIN -> new ExplainCommand(terminal);
            case ARTIFACTS -> new ArtifactsCommand(terminal);
            case DEPLOYMENTS -> new DeploymentsCommand(terminal);
            case ENVIRONMENTS -> new EnvironmentsCommand(terminal);
            case ENVIRONMENT -> new EnvironmentCommand(terminal);
            case APPROVE -> new ApproveCommand(terminal);
            case ROLLBACK -> new RollbackCommand(terminal);
            case DORA -> new DoraCommand(terminal);
            case INCIDENT -> new IncidentCommand(terminal);
            case NOTIFICATIONS -> new NotificationsCommand(terminal);
            case LINT -> new LintCommand(terminal);
            case PLAN -> new PlanCommand(terminal);
            case AGENTS -> new AgentsCommand(terminal);
            case MEMBERS -> new MembersCommand(terminal);
            case DRAIN -> new DrainCommand(terminal);
            case RESUME -> new ResumeCommand(terminal);
            case EVAL -> new EvalCommand(terminal);
            case BACKUP -> new BackupCommand(terminal);
            case RESTORE -> new RestoreCommand(terminal);
            case VERIFY_DATA -> new VerifyDataCommand(terminal);
            case BENCH -> new BenchCommand(terminal);
            case COORDINATOR -> new CoordinatorCommand(terminal);
            case KEY_FILE -> new KeyFileCommand(terminal);
            case AGENT -> new AgentCommand(terminal);
            case BOOKIE -> new BookieCommand(terminal);
            case ZOOKEEPER -> new ZooKeeperCommand(terminal);
            case FARM -> new FarmCommand(terminal);
            case COMPLETION -> new CompletionCommand(terminal);
            case VERSION -> new VersionCommand(terminal);
        };
    }

    /// The sections of the help.
    enum Group {
        RUNS("Runs"),
        DELIVERY("Delivery"),
        WORKFLOWS("Workflow files"),
        FARM("Farm"),
        PROGRAM("This program"),
        HIDDEN("");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }
}
