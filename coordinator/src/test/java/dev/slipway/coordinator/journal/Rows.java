package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.storage.Database;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The rows that must be the same on all coordinators of a cluster. Where chunks lie in files, and
/// when a cache was last used, is each one's own.
final class Rows {
    private static final List<String> FAMILIES =
            List.of(
                    "annotations",
                    "artifacts",
                    "attempts",
                    "blob_counters",
                    "caches",
                    "counters",
                    "deployment_commits",
                    "deployment_runs",
                    "deployments",
                    "drains",
                    "environments",
                    "good_versions",
                    "incidents",
                    "jobs",
                    "log_arrivals",
                    "log_positions",
                    "log_steps",
                    "meta",
                    "run_ends",
                    "run_lists",
                    "run_times",
                    "runs",
                    "specs",
                    "summaries",
                    "tests",
                    "token_times",
                    "tokens",
                    "unfinished");

    private Rows() {}

    static Map<String, Map<String, String>> of(Database database) {
        var all = new TreeMap<String, Map<String, String>>();
        for (String family : FAMILIES) {
            var rows = new TreeMap<String, String>();
            try (var cursor = database.cursor(family)) {
                for (cursor.seek(new byte[0]); cursor.valid(); cursor.next()) {
                    rows.put(
                            HexFormat.of().formatHex(cursor.key()),
                            HexFormat.of().formatHex(cursor.value()));
                }
            }
            all.put(family, rows);
        }
        return all;
    }
}
