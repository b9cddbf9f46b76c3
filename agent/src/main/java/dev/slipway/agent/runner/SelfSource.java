package dev.slipway.agent.runner;

import dev.slipway.agent.actions.ActionCall;
import dev.slipway.agent.actions.SourceTree;

import java.io.IOException;
import java.nio.file.Path;

/// The repository and commit that the workflow comes from, for `uses: $/path`: fetched once per
/// attempt, beside the workspace.
final class SelfSource {
    private SelfSource() {}

    static Path root(StepSite site) throws IOException, InterruptedException {
        JobRuntime job = site.job();
        ActionCall.Source source = BuiltInCall.source(job.spec().source());
        String sha = site.github(java.util.Map.of()).get("sha").text();
        Path target = job.folders().actions().resolve("_self");
        SourceTree.materialize(source, sha, target, job.storage(), job.machine().threads());
        return target;
    }
}
