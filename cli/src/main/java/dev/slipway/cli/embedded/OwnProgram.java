package dev.slipway.cli.embedded;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// How this program is started again as a process of its own.
public final class OwnProgram {
    private OwnProgram() {}

    /// The launcher when there is one (it brings the AOT cache), else this JVM again.
    public static List<String> command() {
        String home = System.getProperty("slipway.home", "");
        Path launcher = Path.of(home, "bin", "slipway");
        if (!home.isEmpty() && Files.isExecutable(launcher)) {
            return List.of(launcher.toString());
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                absolute(System.getProperty("java.class.path", "")),
                "dev.slipway.cli.Slipway");
    }

    private static String absolute(String classPath) {
        return String.join(
                File.pathSeparator,
                Arrays.stream(classPath.split(File.pathSeparator))
                        .map(one -> Path.of(one).toAbsolutePath().toString())
                        .toList());
    }
}
