package dev.slipway.agent.actions;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which actions the agent does itself, by their name without a version.
public final class BuiltIns {
    private static final Map<String, BuiltIn> ALL =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("actions/checkout", new Checkout()),
                            Map.entry("actions/upload-artifact", new UploadArtifact()),
                            Map.entry("actions/download-artifact", new DownloadArtifact()),
                            Map.entry("actions/cache", new CacheActions(CacheActions.Kind.CACHE)),
                            Map.entry(
                                    "actions/cache/restore",
                                    new CacheActions(CacheActions.Kind.RESTORE)),
                            Map.entry(
                                    "actions/cache/save", new CacheActions(CacheActions.Kind.SAVE)),
                            Map.entry("slipway/deploy", new Deploy()),
                            Map.entry("slackapi/slack-github-action", new SlackAction()),
                            Map.entry("slipway/image", new Image()),
                            Map.entry("slipway/notify", new Notify()),
                            Map.entry("slipway/test-report", new TestReport())));

    private BuiltIns() {}

    /// @param fullName in lower case: `actions/cache/restore`
    public static Optional<BuiltIn> find(String fullName) {
        return Optional.ofNullable(ALL.get(fullName));
    }

    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }
}
