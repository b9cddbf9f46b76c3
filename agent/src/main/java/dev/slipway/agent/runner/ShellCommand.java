package dev.slipway.agent.runner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// How a `run` script is started: GitHub's exact invocation for each shell.
///
/// @param extension of the script's file, with its dot; may be empty
/// @param content what the file holds
record ShellCommand(Path program, List<String> arguments, String extension, String content) {

    private static final String PWSH_START = "$ErrorActionPreference = 'stop'\n";
    private static final String PWSH_END =
            "\nif ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }";

    /// The invocation for a shell in a container, whose programs are looked up there.
    ///
    /// @throws StepFailure when the shell is invalid
    static ShellCommand inContainer(Optional<String> shell, String script) {
        return shell.isEmpty()
                ? new ShellCommand(Path.of("sh"), List.of("-e", "{0}"), ".sh", script)
                : new Maker(program -> Path.of(program), script).named(shell.get());
    }

    /// The invocation for a shell of the machine.
    ///
    /// @param shell as the workflow says; empty when it says nothing
    /// @param searchPath the step's PATH
    /// @throws StepFailure when the shell is invalid or not installed
    static ShellCommand of(Optional<String> shell, String script, String searchPath) {
        if (shell.isEmpty()) {
            return Programs.find("bash", searchPath)
                    .map(bash -> new ShellCommand(bash, List.of("-e", "{0}"), ".sh", script))
                    .orElseGet(
                            () ->
                                    new Maker(program -> find(program, searchPath), script)
                                            .named("sh"));
        }
        return new Maker(program -> find(program, searchPath), script).named(shell.get());
    }

    private record Maker(Function<String, Path> find, String script) {
        ShellCommand named(String shell) {
            return switch (shell) {
                case "bash" -> make("bash", "--noprofile --norc -e -o pipefail {0}", ".sh");
                case "sh" -> make("sh", "-e {0}", ".sh");
                case "python" -> make("python", "{0}", ".py");
                case "pwsh", "powershell" ->
                        new ShellCommand(
                                find.apply(shell),
                                List.of("-command", ". '{0}'"),
                                ".ps1",
                                PWSH_START + script + PWSH_END);
                case "cmd" ->
                        new ShellCommand(
                                find.apply("cmd"),
                                List.of("/D", "/E:ON", "/V:OFF", "/S", "/C", "CALL \"{0}\""),
                                ".cmd",
                                "@echo off\n" + script);
                default -> custom(shell);
            };
        }

        private ShellCommand make(String program, String arguments, String extension) {
            return new ShellCommand(
                    find.apply(program), List.of(arguments.split(" ")), extension, script);
        }

        private ShellCommand custom(String shell) {
            List<String> words = words(shell);
            if (words.size() < 2 || !shell.contains("{0}")) {
                throw new StepFailure(
                        "Invalid shell option. Shell must be a valid built-in (bash, sh, cmd,"
                                + " powershell, pwsh) or a format string containing '{0}'");
            }
            return new ShellCommand(
                    find.apply(words.getFirst()), words.subList(1, words.size()), "", script);
        }
    }

    private static Path find(String program, String searchPath) {
        return Programs.find(program, searchPath)
                .orElseThrow(
                        () ->
                                new StepFailure(
                                        ("%s: command not found. Install it on this agent, or "
                                                        + "choose another 'shell'.")
                                                .formatted(program)));
    }

    /// Splits at spaces outside of quotes; quotes are removed.
    private static List<String> words(String line) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        char quote = 0;
        boolean inWord = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (c == ' ' || c == '\t') {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    /// The whole command for a script file.
    List<String> command(Path script) {
        var command = new ArrayList<String>();
        command.add(program.toString());
        arguments.forEach(argument -> command.add(argument.replace("{0}", script.toString())));
        return command;
    }

    /// As the log shows it: `/usr/bin/bash -e {0}`.
    String display() {
        return program + " " + String.join(" ", arguments);
    }
}
