package dev.slipway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Failures;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.cli.terminal.Version;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The main class. It looks at the first words itself, so that `--version` and the help load no
/// library, and hands the rest to picocli with only the one command that was typed.
public final class Slipway {
    private static final int USAGE = 2;

    private Slipway() {}

    public static void main(String[] arguments) {
        Terminal terminal = Terminal.system();
        int exitCode = run(List.of(arguments), terminal);
        terminal.flush();
        System.exit(exitCode);
    }

    /// Runs one command line.
    ///
    /// @return the exit code: 0 ok, 1 the run failed, 2 usage or invalid workflow, 3 cannot reach
    ///   the farm, 4 refused
    public static int run(List<String> arguments, Terminal terminal) {
        int exitCode = dispatch(arguments, terminal);
        terminal.flush();
        return exitCode;
    }

    private static int dispatch(List<String> arguments, Terminal terminal) {
        var before = new ArrayList<String>();
        int at = 0;
        for (; at < arguments.size(); at++) {
            String word = arguments.get(at);
            if (word.equals("--version") || word.equals("-V")) {
                terminal.print("slipway " + Version.current());
                return 0;
            }
            if (word.equals("--help") || word.equals("-h")) {
                RootHelp.print(terminal);
                return 0;
            }
            if (word.equals("--server") && at + 1 < arguments.size()) {
                before.add(word);
                before.add(arguments.get(++at));
            } else if (word.startsWith("--server=")) {
                before.add(word);
            } else {
                break;
            }
        }
        if (at == arguments.size()) {
            RootHelp.print(terminal);
            return 0;
        }
        String name = arguments.get(at);
        var rest = new ArrayList<>(before);
        rest.addAll(arguments.subList(at + 1, arguments.size()));
        if (name.equals("help")) {
            return help(rest, terminal);
        }
        Optional<CommandTable> entry = CommandTable.find(name);
        return entry.isPresent() ? execute(entry.get(), rest, terminal) : unknown(name, terminal);
    }

    private static int help(List<String> arguments, Terminal terminal) {
        if (arguments.isEmpty()) {
            RootHelp.print(terminal);
            return 0;
        }
        String name = arguments.getFirst();
        Optional<CommandTable> entry = CommandTable.find(name);
        return entry.isPresent()
                ? execute(entry.get(), List.of("--help"), terminal)
                : unknown(name, terminal);
    }

    private static int execute(CommandTable entry, List<String> arguments, Terminal terminal) {
        CommandLine line = commandLine(entry, terminal);
        try {
            return line.execute(arguments.toArray(String[]::new));
        } catch (Error broken) {
            return Failures.report(terminal, broken);
        }
    }

    /// picocli's view of one command.
    static CommandLine commandLine(CommandTable entry, Terminal terminal) {
        CliCommand command = entry.create(terminal);
        var line = new CommandLine(command);
        CommandSpec spec = line.getCommandSpec();
        command.customize(spec);
        spec.name("slipway " + entry.commandName());
        String[] details = spec.usageMessage().description();
        var description = new ArrayList<String>();
        description.add(entry.summary() + ".");
        if (details.length > 0) {
            description.add("");
            description.addAll(Arrays.asList(details));
        }
        spec.usageMessage().description(description.toArray(String[]::new));
        line.setOut(new PrintWriter(terminal.out(), true, UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, UTF_8));
        line.setColorScheme(
                CommandLine.Help.defaultColorScheme(terminal.paint().isOn() ? Ansi.ON : Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler(
                (problem, failed, parsed) -> Failures.report(terminal, problem));
        line.setParameterExceptionHandler((problem, words) -> usage(entry, problem, terminal));
        return line;
    }

    private static int usage(
            CommandTable entry, CommandLine.ParameterException problem, Terminal terminal) {
        Failures.say(terminal, plainly(String.valueOf(problem.getMessage())));
        if (problem instanceof UnmatchedArgumentException unmatched) {
            suggest(unmatched.getSuggestions(), "", terminal);
        }
        terminal.message("Try `slipway " + entry.commandName() + " --help`.");
        return USAGE;
    }

    /// picocli speaks of Java's types and names.
    private static String plainly(String message) {
        String plain =
                message.replaceFirst("' is not an? (long|int)$", "' is not a whole number")
                        .replaceFirst(" \\(case-insensitive\\) but was '", ", not '")
                        .replaceFirst(
                                "^Invalid value for positional parameter at index \\d+ ",
                                "Invalid ");
        return Pattern.compile("expected one of \\[[A-Z_, ]+]")
                .matcher(plain)
                .replaceFirst(allowed -> allowed.group().toLowerCase(Locale.ROOT));
    }

    private static int unknown(String name, Terminal terminal) {
        if (name.startsWith("-")) {
            Failures.say(terminal, "unknown option '" + name + "' before the command");
        } else {
            Failures.say(terminal, "there is no command '" + name + "'");
            @Nullable String nearest = nearest(name);
            suggest(nearest == null ? List.of() : List.of(nearest), "slipway ", terminal);
        }
        terminal.message("Try `slipway --help`.");
        return USAGE;
    }

    private static void suggest(List<String> candidates, String prefix, Terminal terminal) {
        if (!candidates.isEmpty()) {
            terminal.message("Did you mean `" + prefix + candidates.getFirst() + "`?");
        }
    }

    /// The command with the fewest edits from `typed`, if they are few.
    private static @Nullable String nearest(String typed) {
        @Nullable String best = null;
        int fewest = Math.max(2, typed.length() / 3) + 1;
        for (CommandTable entry : CommandTable.visible()) {
            String name = entry.commandName();
            int edits = typed.length() > 1 && name.startsWith(typed) ? 0 : distance(typed, name);
            if (edits < fewest) {
                fewest = edits;
                best = name;
            }
        }
        return best;
    }

    /// Levenshtein's distance.
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[to.length()];
    }
}
