package dev.slipway.agent.actions;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which actions the agent does itself, by their name without a version.
public final class BuiltIns {
    private static final Map<String, BuiltIn> ALL =
            new TreeMap<>(
                    Map.of(
                            "actions/checkout", new Checkout(),
                            "actions/upload-artifact", new UploadArtifact(),
                            "actions/download-artifact", new DownloadArtifact(),
                            "actions/cache", new CacheActions(CacheActions.Kind.CACHE),
                            "actions/cache/restore", new CacheActions(CacheActions.Kind.RESTORE),
                            "actions/cache/save", new CacheActions(CacheActions.Kind.SAVE),
                            "slipway/deploy", new Deploy(),
                            "slackapi/slack-github-action", new SlackAction(),
                            "slipway/notify", new Notify(),
                            "slipway/test-report", new TestReport()));

    private BuiltIns() {}

    /// @param fullName in lower case: `actions/cache/restore`
    public static Optional<BuiltIn> find(String fullName) {
        return Optional.ofNullable(ALL.get(fullName));
    }

    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }
}
