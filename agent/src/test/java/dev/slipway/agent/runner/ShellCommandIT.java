package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/// The invocation of every shell, as GitHub's runner has it.
class ShellCommandIT {
    private static final Path SCRIPT = Path.of("/t/script");

    @TempDir private Path bin;

    @BeforeEach
    void installShells() throws IOException {
        for (String name : List.of("bash", "sh", "python", "pwsh", "perl")) {
            Files.createFile(
                    bin.resolve(name),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwxr-xr-x")));
        }
    }

    private String invocation(Optional<String> shell) {
        var command = ShellCommand.of(shell, "echo hi", bin.toString());
        return String.join(" ", command.command(SCRIPT)).replace(bin + "/", "")
                + " "
                + command.extension();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bash   | bash --noprofile --norc -e -o pipefail /t/script .sh",
                "sh     | sh -e /t/script .sh",
                "python | python /t/script .py",
                "pwsh   | pwsh -command . '/t/script' .ps1",
                "perl {0} | perl /t/script ",
                "perl -w \"{0}\" | perl -w /t/script ",
            })
    void shellIsStartedAsGitHubDoes(String shell, String expected) {
        assertThat(invocation(Optional.of(shell)).strip()).isEqualTo(expected.strip());
    }

    @Test
    void unsetShellIsBashWithoutPipefailOrElseSh() throws IOException {
        assertThat(invocation(Optional.empty())).isEqualTo("bash -e /t/script .sh");

        Files.delete(bin.resolve("bash"));

        assertThat(invocation(Optional.empty())).isEqualTo("sh -e /t/script .sh");
    }

    @Test
    void powerShellScriptStopsAtErrorsAndKeepsTheExitCode() {
        var command = ShellCommand.of(Optional.of("pwsh"), "Get-Item x", bin.toString());

        assertThat(command.content())
                .startsWith("$ErrorActionPreference = 'stop'\nGet-Item x\n")
                .endsWith("{ exit $LASTEXITCODE }");
    }

    @Test
    void unknownShellFailsTheStep() {
        assertThatThrownBy(() -> invocation(Optional.of("fish")))
                .isInstanceOf(StepFailure.class)
                .hasMessageContaining("Invalid shell option");
        assertThatThrownBy(() -> invocation(Optional.of("zsh {0}")))
                .isInstanceOf(StepFailure.class)
                .hasMessageContaining("zsh: command not found");
    }
}
