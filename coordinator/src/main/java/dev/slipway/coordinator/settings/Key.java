package dev.slipway.coordinator.settings;

import java.util.Locale;

/// Every setting with its default, its range, and what it is for. `--NAME` on the command line,
/// `SLIPWAY_COORDINATOR_NAME` in the environment, `NAME` in a file.
public enum Key {
    DATA("", 0, 0, "Directory for everything that the coordinator keeps."),
    KEY_FILE("", 0, 0, "File with the keys that seal secrets; default: DATA.keyset beside it."),
    LISTEN("127.0.0.1:7433", 0, 0, "HOST:PORT for the CLI and the agents."),
    HTTP("", 0, 0, "HOST:PORT for metrics and health; off when not set."),
    INCIDENT_KEY_FILE("", 0, 0, "File with the key that signs POST /incidents; off when not set."),
    LEASE_TTL("60m", 1, 7 * 86_400, "How long a job goes on without its coordinator."),
    HEARTBEAT_INTERVAL("5s", 0, 300, "How often agents report."),
    UNREACHABLE_AFTER("15s", 0, 3_600, "Silence after which an agent shows as unreachable."),
    KILL_GRACE("15s", 0, 3_600, "Time to end processes before a lease ends."),
    RECONNECT_WINDOW("2s", 0, 300, "Reconnects of many agents are spread over this."),
    KEEP_RUNS("10000", 0, Integer.MAX_VALUE, "Finished runs to keep; 0: all."),
    KEEP_DAYS("90", 0, 36_500, "Days to keep finished runs; 0: for ever."),
    ARTIFACT_DAYS("90", 1, 36_500, "Days that artifacts stay when the step does not say."),
    BLOBS("", 0, 0, "Directory or s3://BUCKET/PREFIX for blobs; default: DATA/blobs."),
    BLOBS_CREDENTIALS("", 0, 0, "File with credentials for the bucket, as AWS writes it."),
    BLOB_QUOTA("50GiB", 1 << 20, Long.MAX_VALUE, "Space for sources, artifacts and caches."),
    BLOB_GRACE("1h", 60, 86_400, "How long uploads that nothing refers to are kept."),
    LOG_CAP("64MiB", 64 << 10, 1L << 40, "Output kept per step: its head and its tail."),
    LOG_QUEUE("128MiB", 1 << 20, 1L << 36, "Output that may wait to be written."),
    MAX_WATCHERS("1000", 1, 100_000, "Watching and following clients at once."),
    ZOOKEEPER("", 0, 0, "host:port,…[/chroot] of the cluster's registry; alone when not set."),
    JOURNAL("", 0, 0, "rocksdb (alone) or bookkeeper (a cluster)."),
    ADVERTISE("", 0, 0, "HOST:PORT where others reach it; default: where it listens."),
    MEMBER_ID("", 0, 0, "What it is called in its cluster; default: its address."),
    SESSION_TIMEOUT("4s", 1, 120, "Silence after which the cluster elects another leader.");

    final String name;
    final String standard;
    final long least;
    final long most;
    final String about;

    /// @param least in seconds, bytes or as a plain number; the same for `most`
    Key(String standard, long least, long most, String about) {
        this.name = name().toLowerCase(Locale.ROOT).replace('_', '-');
        this.standard = standard;
        this.least = least;
        this.most = most;
        this.about = about;
    }

    /// As on the command line, without dashes in front.
    public String flag() {
        return name;
    }

    public String variable() {
        return "SLIPWAY_COORDINATOR_" + name();
    }

    /// The default as text; empty when there is none.
    public String standard() {
        return standard;
    }

    /// One sentence for the help.
    public String about() {
        return about;
    }
}
