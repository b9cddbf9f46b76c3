package dev.slipway.agent.runner;

import dev.slipway.agent.executor.Launch.Place;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One process to run for a step.
///
/// @param workingDirectory as the process sees it
/// @param place where it runs
/// @param files written before the start and removed after the end: scripts
record Invocation(
        List<String> command,
        Map<String, String> environment,
        Path workingDirectory,
        Map<Path, String> files,
        Place place) {}
