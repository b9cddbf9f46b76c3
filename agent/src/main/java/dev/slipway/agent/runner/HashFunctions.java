package dev.slipway.agent.runner;

import dev.slipway.expression.ExpressionException;
import dev.slipway.glob.HashFiles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// `hashFiles` over a workspace.
final class HashFunctions {
    private HashFunctions() {}

    static StepScope.HashFunction of(Path workspace, Machine machine) {
        String home = machine.environment().getOrDefault("HOME", "/root");
        var files = new HashFiles(workspace, Path.of(home), machine.clock());
        return patterns -> hash(files, patterns);
    }

    private static String hash(HashFiles files, List<String> patterns) {
        try {
            return files.hash(patterns);
        } catch (IOException | IllegalArgumentException problem) {
            throw new ExpressionException(
                    "hashFiles('%s') failed: %s"
                            .formatted(String.join("', '", patterns), problem.getMessage()));
        }
    }
}
