package dev.slipway.agent.actions;

import dev.slipway.workflow.ActionManifest;

import java.nio.file.Path;

/// What `uses` turned out to be.
public sealed interface ResolvedAction {
    /// Done by the agent itself.
    record Own(String name, BuiltIn builtIn) implements ResolvedAction {}

    /// An action of the repository.
    ///
    /// @param folder where its files are
    record Described(ActionManifest manifest, Path folder) implements ResolvedAction {}
}
