package dev.slipway.agent.deployment;

import java.io.IOException;
import java.util.Optional;

/// Decides whether what runs is healthy.
public interface Health {
    /// Measures what must be known before anything changes.
    void before() throws IOException, InterruptedException;

    /// Watches a new version until it is known.
    ///
    /// @param life tells what is certainly wrong already, such as that the version has ended
    /// @return why it is not healthy; empty when it is
    Optional<String> watch(Release release, Life life) throws IOException, InterruptedException;

    /// Waits until a version that was brought back answers as it should.
    ///
    /// @return why it is not healthy; empty when it is
    Optional<String> recovered(Release release, Life life) throws IOException, InterruptedException;

    /// What the target knows of a version's life.
    @FunctionalInterface
    interface Life {
        Optional<String> problem() throws IOException, InterruptedException;
    }
}
