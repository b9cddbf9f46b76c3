package dev.slipway.agent.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The programs of the machine that supervision needs, found once at the agent's start.
///
/// @param searchPath the `PATH` on which they were found
/// @param perl gives a command environment variables that a shell cannot name; optional
public record Tools(String searchPath, Path shell, Path setsid, Path env, Optional<Path> perl) {
    private static final String USUAL_PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// Program to Debian package, in the order in which a reader would install them.
    private static final List<Map.Entry<String, String>> NEEDED =
            List.of(
                    Map.entry("sh", "dash"),
                    Map.entry("setsid", "util-linux"),
                    Map.entry("grep", "grep"),
                    Map.entry("cat", "coreutils"),
                    Map.entry("dd", "coreutils"),
                    Map.entry("env", "coreutils"),
                    Map.entry("mkfifo", "coreutils"),
                    Map.entry("mv", "coreutils"),
                    Map.entry("rm", "coreutils"),
                    Map.entry("sleep", "coreutils"),
                    Map.entry("sync", "coreutils"),
                    Map.entry("wc", "coreutils"));

    /// Looks for the programs on the `PATH` of the agent's environment and in the usual folders.
    ///
    /// @throws IOException naming every missing program and the Debian package that has it
    public static Tools find(Map<String, String> agentEnvironment) throws IOException {
        String own = agentEnvironment.getOrDefault("PATH", "");
        String path = own.isEmpty() ? USUAL_PATH : own + File.pathSeparator + USUAL_PATH;
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, String> tool : NEEDED) {
            if (find(tool.getKey(), path).isEmpty()) {
                missing.add("%s (package %s)".formatted(tool.getKey(), tool.getValue()));
            }
        }
        if (!missing.isEmpty()) {
            throw new IOException(
                    ("The agent cannot supervise processes: not found on the PATH %s: %s. Install"
                                    + " them, on Debian and Ubuntu with 'apt-get install PACKAGE',"
                                    + " and start the agent again.")
                            .formatted(path, String.join(", ", missing)));
        }
        return new Tools(
                path,
                find("sh", path).orElseThrow(),
                find("setsid", path).orElseThrow(),
                find("env", path).orElseThrow(),
                find("perl", path));
    }

    private static Optional<Path> find(String program, String path) {
        for (String folder : path.split(File.pathSeparator)) {
            Path candidate = Path.of(folder.isEmpty() ? "/nowhere" : folder).resolve(program);
            if (candidate.isAbsolute()
                    && Files.isRegularFile(candidate)
                    && Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
