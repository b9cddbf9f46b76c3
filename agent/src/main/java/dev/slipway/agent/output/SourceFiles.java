package dev.slipway.agent.output;

import java.util.Optional;

/// Where the files are that a step's output names: a port, so that lines are processed without a
/// disk in tests.
public interface SourceFiles {
    /// The place of a file that an annotation names: relative to the checkout it is in if it exists
    /// there, else as it was given.
    String forAnnotation(String file);

    /// The place of a file that a problem matcher found, relative to its checkout; empty when there
    /// is no such file in the workspace, which drops it from the annotation.
    ///
    /// @param fromPath a file beside which `file` may be, such as a project file; may be empty
    Optional<String> forMatcher(String file, String fromPath);

    /// The text of a matcher's file.
    ///
    /// @param path as the command gave it: absolute on the host or in the job's container, or
    ///   relative to the workspace
    /// @throws java.io.IOException when it cannot be read
    String read(String path) throws java.io.IOException;
}
