package dev.slipway.agent.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Finds the JDKs of this machine, for `JAVA_HOME_<major>_<arch>` as GitHub's images set it.
public final class Jdks {
    private Jdks() {}

    /// The variables for the JDKs that are found; one of `environment` is never changed.
    ///
    /// @param arch `X64` or `ARM64`
    public static Map<String, String> variables(Map<String, String> environment, String arch)
            throws IOException {
        var variables = new TreeMap<String, String>();
        for (Path home : candidates(environment)) {
            int major = major(home);
            if (major > 0) {
                variables.putIfAbsent("JAVA_HOME_" + major + "_" + arch, home.toString());
            }
        }
        variables.keySet().removeAll(environment.keySet());
        return variables;
    }

    private static List<Path> candidates(Map<String, String> environment) throws IOException {
        var homes = new ArrayList<Path>();
        String own = environment.getOrDefault("JAVA_HOME", "");
        if (!own.isEmpty()) {
            homes.add(Path.of(own));
        }
        String user = environment.getOrDefault("HOME", "/root");
        for (Path folder :
                List.of(
                        Path.of("/usr/lib/jvm"),
                        Path.of("/opt/java"),
                        Path.of("/opt/jdk"),
                        Path.of(user, ".sdkman/candidates/java"),
                        Path.of(user, ".jdks"))) {
            if (Files.isDirectory(folder)) {
                try (var found = Files.list(folder)) {
                    found.sorted().forEach(homes::add);
                }
            }
        }
        return homes;
    }

    /// The feature release of a JDK; 0 when the folder holds none.
    private static int major(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/javac")) || !Files.isRegularFile(release)) {
            return 0;
        }
        for (String line : Files.readAllLines(release)) {
            if (line.startsWith("JAVA_VERSION=")) {
                String version = line.substring("JAVA_VERSION=".length()).replace("\"", "");
                String[] parts = version.split("[._+-]");
                String first = parts[0].equals("1") && parts.length > 1 ? parts[1] : parts[0];
                return first.matches("\\d{1,3}") ? Integer.parseInt(first) : 0;
            }
        }
        return 0;
    }
}
