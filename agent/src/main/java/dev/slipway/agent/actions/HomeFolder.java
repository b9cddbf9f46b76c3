package dev.slipway.agent.actions;

import java.nio.file.Path;
import java.util.Map;

/// What `~` stands for in the inputs of actions.
final class HomeFolder {
    private HomeFolder() {}

    /// The home folder that an environment names.
    static Path of(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        return Path.of(home.startsWith("/") ? home : "/root");
    }
}
