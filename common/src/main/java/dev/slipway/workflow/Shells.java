package dev.slipway.workflow;

import java.util.List;

/// The shells that `shell` may name.
final class Shells {

    /// The names with a fixed invocation; anything else must contain `{0}`.
    static final List<String> BUILT_IN =
            List.of("bash", "sh", "python", "pwsh", "powershell", "cmd");

    private Shells() {}

    static void check(Computed shell, Problems problems) {
        if (!shell.isLiteral()) {
            return;
        }
        String text = shell.literal().text();
        String command = text.strip();
        if (!BUILT_IN.contains(command) && !command.contains("{0}") && !command.isEmpty()) {
            problems.error(
                    shell.position(),
                    "bad shell '"
                            + YamlScalar.abbreviate(text)
                            + "': use one of "
                            + String.join(", ", BUILT_IN)
                            + ", or a command with '{0}' where the script's path belongs"
                            + Suggest.closest(command, BUILT_IN)
                                    .map(best -> "; did you mean '" + best + "'?")
                                    .orElse(""));
        }
    }
}
