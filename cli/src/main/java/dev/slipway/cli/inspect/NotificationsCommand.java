package dev.slipway.cli.inspect;

import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.Notifications;
import dev.slipway.cli.client.Notifications.Owed;
import dev.slipway.cli.client.Notifications.Rule;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.project.SecretsFile;
import dev.slipway.cli.report.Durations;
import dev.slipway.cli.report.NotificationJson;
import dev.slipway.cli.report.Table;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `slipway notifications`.
@Command(
        footer = {
            "  slipway notifications add team --on failure,recovery --branch main --to slack"
                    + " --secrets-file slack.env",
            "  slipway notifications test team",
            "  slipway notifications rules",
            "  slipway notifications dead",
            "  slipway notifications replay 4711",
            "  slipway notifications discard --all"
        })
public final class NotificationsCommand extends FarmCommandBase {
    /// What is done.
    enum Action {
        RULES,
        ADD,
        REMOVE,
        TEST,
        LIST,
        DEAD,
        REPLAY,
        DISCARD
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ACTION",
            description = "One of: ${COMPLETION-CANDIDATES} (default: rules).")
    private Action action = Action.RULES;

    @Parameters(
            index = "1..*",
            paramLabel = "WHAT",
            description = "A rule's name, or numbers of notifications.")
    private List<String> what = List.of();

    @Option(
            names = "--on",
            split = ",",
            paramLabel = "OCCASION",
            description =
                    "failure, recovery, deployment-started, deployment-succeeded,"
                            + " deployment-failed, deployment-rolled-back.")
    private List<String> on = List.of();

    @Option(names = "--project", paramLabel = "PATTERN", description = "Only these projects.")
    private List<String> projects = List.of();

    @Option(
            names = "--workflow",
            paramLabel = "PATTERN",
            description = "Only these workflows, by path.")
    private List<String> workflows = List.of();

    @Option(names = "--branch", paramLabel = "PATTERN", description = "Only these branches.")
    private List<String> branches = List.of();

    @Option(
            names = "--environment",
            paramLabel = "PATTERN",
            description = "Only these environments.")
    private List<String> environments = List.of();

    @Option(
            names = "--to",
            paramLabel = "WHERE",
            description = "slack, teams, pagerduty, email or webhook.")
    private String destination = "";

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description =
                    "pagerduty: severity; email: server, port, security (starttls, tls, none),"
                            + " username, from, recipients.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "email: PEM of the server's own authority.")
    private @Nullable Path authority;

    @Option(
            names = "--secrets-file",
            paramLabel = "FILE",
            description = "Lines of NAME=VALUE: URL, ROUTING_KEY, SECRET, PASSWORD.")
    private @Nullable Path secretsFile;

    @Option(names = "--all", description = "All that were given up.")
    private boolean all;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    public NotificationsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        try (Farm farm = access.farm()) {
            Notifications known = farm.notifications();
            return switch (action) {
                case RULES -> rules(known);
                case ADD -> add(known);
                case REMOVE -> remove(known);
                case TEST -> test(known);
                case LIST -> list(known, false, ports.clock().now());
                case DEAD -> list(known, true, ports.clock().now());
                case REPLAY -> settle(known, false);
                case DISCARD -> settle(known, true);
            };
        }
    }

    private int add(Notifications known) throws IOException, InterruptedException {
        if (authority != null) {
            settings.put("ca-certificate", Files.readString(authority));
        }
        Rule rule =
                known.set(
                        new Rule(
                                name(),
                                on,
                                new Notifications.Where(
                                        projects, workflows, branches, environments),
                                destination,
                                settings,
                                List.of(),
                                0),
                        secretsFile == null ? Map.of() : SecretsFile.read(secretsFile),
                        who());
        if (json) {
            terminal.print(NotificationJson.rule(rule));
        } else {
            terminal.message(
                    "The rule %s tells %s of %s. Try it: %s"
                            .formatted(
                                    rule.name(),
                                    rule.destination(),
                                    String.join(", ", rule.on()),
                                    next("notifications", "test " + rule.name())));
        }
        return 0;
    }

    private int remove(Notifications known) throws InterruptedException {
        known.remove(name(), who());
        terminal.message("The rule %s is gone, with all that it owed.".formatted(name()));
        return 0;
    }

    private int test(Notifications known) throws InterruptedException {
        String problem = known.test(name());
        if (!problem.isEmpty()) {
            terminal.message("The message was not taken: " + problem);
            return 1;
        }
        terminal.message("The destination of %s took a message.".formatted(name()));
        return 0;
    }

    private String name() {
        if (what.size() != 1) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "which rule? `slipway notifications %s NAME`"
                            .formatted(action.name().toLowerCase(java.util.Locale.ROOT)));
        }
        return what.getFirst();
    }

    private int rules(Notifications known) throws InterruptedException {
        List<Rule> rules = known.rules();
        if (json) {
            rules.forEach(rule -> terminal.print(NotificationJson.rule(rule)));
        } else if (rules.isEmpty()) {
            terminal.message("No rules: nobody is told. `slipway notifications add --help`");
        } else {
            var table = new Table("NAME", "ON", "WHERE", "TO", "SECRETS", "DROPPED");
            for (Rule rule : rules) {
                table.row(
                        rule.name(),
                        String.join(",", rule.on()),
                        where(rule.where()),
                        rule.destination(),
                        String.join(",", rule.secretNames()),
                        rule.dropped() == 0 ? "-" : Long.toString(rule.dropped()));
            }
            table.lines().forEach(terminal::print);
        }
        return 0;
    }

    private static String where(Notifications.Where where) {
        var parts = new ArrayList<String>();
        add(parts, "project", where.projects());
        add(parts, "workflow", where.workflows());
        add(parts, "branch", where.branches());
        add(parts, "environment", where.environments());
        return parts.isEmpty() ? "anywhere" : String.join(" ", parts);
    }

    private static void add(List<String> to, String name, List<String> patterns) {
        if (!patterns.isEmpty()) {
            to.add(name + "=" + String.join(",", patterns));
        }
    }

    private int list(Notifications known, boolean deadOnly, Instant now)
            throws InterruptedException {
        Notifications.Page page = known.list(deadOnly, 1_000);
        if (json) {
            page.owed().forEach(one -> terminal.print(NotificationJson.owed(one)));
            return 0;
        }
        if (!page.owed().isEmpty()) {
            var table = new Table("ID", "RULE", "OCCASION", "AGE", "TRIES", "STATE", "WHAT", "WHY");
            for (Owed one : page.owed()) {
                table.row(
                        Long.toString(one.id()),
                        one.rule(),
                        one.occasion(),
                        Durations.between(one.at(), null, now),
                        Integer.toString(one.tries()),
                        one.dead() ? "given up" : "waiting",
                        one.title(),
                        one.problem());
            }
            table.lines().forEach(terminal::print);
        }
        terminal.message(
                "%d waiting, %d given up.%s"
                        .formatted(
                                page.waiting(),
                                page.dead(),
                                page.dead() == 0
                                        ? ""
                                        : " Try them again: "
                                                + next("notifications", "replay --all")));
        return 0;
    }

    private int settle(Notifications known, boolean discard) throws InterruptedException {
        if (what.isEmpty() != all) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "which? Give numbers (`slipway notifications dead` lists them) or --all");
        }
        int settled = known.settle(what.stream().map(this::id).toList(), discard, who());
        terminal.message(
                discard
                        ? "%d notifications are gone.".formatted(settled)
                        : "%d notifications are tried again.".formatted(settled));
        return 0;
    }

    private long id(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException wrong) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'%s' is no notification's number; `slipway notifications dead` lists them"
                            .formatted(text),
                    wrong);
        }
    }
}
