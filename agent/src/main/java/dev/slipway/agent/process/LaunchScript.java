package dev.slipway.agent.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The shell script that a supervisor reads on stdin; `supervise.sh` says what it defines.
///
/// Everything that varies is quoted, so no content can become shell code. Environment variables
/// that the shell would drop or change (`INPUT_FETCH-DEPTH`, `_`, `OPTIND`…) go through perl, as
/// text on a pipe: a command line is readable for every user of the machine. Only where there is no
/// perl they are given to `env` on its command line, for the moment until it becomes the command.
final class LaunchScript {
    private static final Pattern SHELL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /// Names that mean something to one of the shells that may be `/bin/sh`.
    private static final Set<String> SHELLS_OWN =
            Set.of(
                    "_",
                    "IFS",
                    "OPTIND",
                    "OPTARG",
                    "PPID",
                    "LINENO",
                    "UID",
                    "EUID",
                    "GROUPS",
                    "FUNCNAME",
                    "DIRSTACK",
                    "PIPESTATUS",
                    "RANDOM",
                    "SRANDOM",
                    "SECONDS",
                    "EPOCHSECONDS",
                    "EPOCHREALTIME",
                    "SHELLOPTS",
                    "HISTCMD",
                    "COMP_WORDBREAKS");

    private static final String PERL =
            "my %e; open(my $in, \"<&=9\") or die \"slipway: $!\"; while (<$in>) { chomp;"
                    + " my ($n, $v) = split /=/, pack(\"H*\", $_), 2; $e{$n} = $v } close $in;"
                    + " %ENV = %e; { exec { $ARGV[0] } @ARGV; } my $p = $!{ENOENT} ? 127 : 126;"
                    + " print STDERR \"slipway: $ARGV[0]: $!\\n\"; exit $p";

    private final Tools tools;
    private final StringBuilder text = new StringBuilder();

    private LaunchScript(Tools tools) {
        this.tools = tools;
    }

    /// @param settings numbers and words for the supervisor, by their names in `supervise.sh`
    static byte[] render(
            Tools tools,
            Map<String, String> settings,
            List<String> command,
            Map<String, String> environment,
            Path workingDirectory) {
        var script = new LaunchScript(tools);
        new TreeMap<>(settings).forEach((name, value) -> script.line(name + "=" + quote(value)));
        script.launch(command, new TreeMap<>(environment), workingDirectory);
        script.line("complete=1");
        return script.text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void launch(
            List<String> command, TreeMap<String, String> environment, Path workingDirectory) {
        String folder = quote(workingDirectory.toString());
        line("launch() {");
        line("cd -- " + folder + " 2>/dev/null || {");
        line("echo slipway: the working directory " + folder + " is missing or cannot be entered");
        line("exit 126");
        line("}");
        line("unset PATH OLDPWD SLIPWAY_SUPERVISES");
        if (environment.keySet().stream().allMatch(LaunchScript::shellCanName)) {
            environment.forEach((name, value) -> line("export " + name + "=" + quote(value)));
            lookUp(command.getFirst());
            line("exec " + quote(tools.setsid().toString()) + " --" + words(command));
        } else {
            line("PATH=" + quote(environment.getOrDefault("PATH", "/usr/bin:/bin")));
            lookUp(command.getFirst());
            tools.perl()
                    .ifPresentOrElse(
                            perl -> throughPerl(perl, command, environment),
                            () -> throughEnv(command, environment));
        }
        line("}");
    }

    /// Says what is wrong as a shell would, with its exit codes.
    private void lookUp(String program) {
        String name = quote(program);
        if (program.indexOf('/') < 0) {
            line("command -v " + name + " >/dev/null 2>&1 || {");
            line("echo slipway: " + name + ": command not found on the PATH \"${PATH-}\"");
            line("exit 127");
            line("}");
            return;
        }
        line("[ -e " + name + " ] || {");
        line("echo slipway: " + name + ": no such file");
        line("exit 127");
        line("}");
        line("if [ -d " + name + " ] || [ ! -x " + name + " ]; then");
        line("echo slipway: " + name + ": a directory, or not executable");
        line("exit 126");
        line("fi");
    }

    private void throughPerl(Path perl, List<String> command, Map<String, String> environment) {
        line(
                "exec %s -- %s -e %s --%s 9<<'SLIPWAY_ENVIRONMENT'"
                        .formatted(
                                quote(tools.setsid().toString()),
                                quote(perl.toString()),
                                quote(PERL),
                                words(command)));
        environment.forEach((name, value) -> line(hex(name + "=" + value)));
        line("SLIPWAY_ENVIRONMENT");
    }

    private static String hex(String value) {
        return HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8));
    }

    private void throughEnv(List<String> command, Map<String, String> environment) {
        List<String> variables =
                environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
        line(
                "exec %s -- %s -i --%s%s"
                        .formatted(
                                quote(tools.setsid().toString()),
                                quote(tools.env().toString()),
                                words(variables),
                                words(command)));
    }

    private static boolean shellCanName(String name) {
        return SHELL_NAME.matcher(name).matches()
                && !SHELLS_OWN.contains(name)
                && !name.startsWith("BASH");
    }

    private static String words(List<String> words) {
        var text = new StringBuilder();
        words.forEach(word -> text.append(' ').append(quote(word)));
        return text.toString();
    }

    private static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
