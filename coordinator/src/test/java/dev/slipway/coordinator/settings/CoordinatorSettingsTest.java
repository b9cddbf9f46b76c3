package dev.slipway.coordinator.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

class CoordinatorSettingsTest {
    /// A change here is a change for every operator: say it in the changelog.
    @Test
    void everyKeyAndDefaultIsPinned() {
        assertThat(CoordinatorSettings.defaults(Path.of("/data/farm")).effective())
                .isEqualTo(
                        Map.ofEntries(
                                Map.entry("data", "/data/farm"),
                                Map.entry("key-file", "/data/farm.keyset (content hidden)"),
                                Map.entry("listen", "127.0.0.1:7433"),
                                Map.entry("http", "off"),
                                Map.entry("lease-ttl", "1h"),
                                Map.entry("heartbeat-interval", "5s"),
                                Map.entry("unreachable-after", "15s"),
                                Map.entry("kill-grace", "15s"),
                                Map.entry("reconnect-window", "2s"),
                                Map.entry("keep-runs", "10000"),
                                Map.entry("keep-days", "90"),
                                Map.entry("artifact-days", "90"),
                                Map.entry("blobs", "/data/farm/blobs"),
                                Map.entry("blob-quota", "50GiB"),
                                Map.entry("blob-grace", "1h"),
                                Map.entry("log-cap", "64MiB"),
                                Map.entry("log-queue", "128MiB"),
                                Map.entry("max-watchers", "1000")));
    }

    @Test
    void flagBeatsEnvironmentAndEnvironmentBeatsFile() {
        var file = Map.of("keep-runs", "1", "keep-days", "1", "log-cap", "1MiB");
        var environment =
                Map.of(
                        "SLIPWAY_COORDINATOR_KEEP_RUNS", "2",
                        "SLIPWAY_COORDINATOR_KEEP_DAYS", "2");
        var flags = Map.of("data", "d", "keep-runs", "3");

        var settings = CoordinatorSettings.read(flags, environment, file);

        assertThat(settings.keepRuns()).isEqualTo(3);
        assertThat(settings.keepFor()).hasDays(2);
        assertThat(settings.logCap()).isEqualTo(1 << 20);
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        var flags =
                Map.of(
                        "listen", "here",
                        "lease-ttl", "soon",
                        "keep-runs", "-1",
                        "kep-days", "3",
                        "heartbeat-interval", "10s");

        assertThatThrownBy(() -> CoordinatorSettings.read(flags, Map.of(), Map.of()))
                .message()
                .contains("data: must be given")
                .contains("listen: 'here' is not HOST:PORT")
                .contains("lease-ttl: 'soon' is not a duration")
                .contains("keep-runs: -1 is out of range")
                .contains("kep-days: no such setting")
                .contains("unreachable-after: 15s must be at least twice");
    }

    @Test
    void keysInsideTheDataAreRefused() {
        var flags = Map.of("data", "/data", "key-file", "/data/../data/keys");

        assertThatThrownBy(() -> CoordinatorSettings.read(flags, Map.of(), Map.of()))
                .message()
                .contains("inside the data directory");
    }

    @Test
    void clusterNeedsWhatItsMembersShare(@TempDir Path folder) throws IOException {
        var flags =
                new HashMap<>(
                        Map.of("data", "d", "zookeeper", "z1:2181", "listen", "0.0.0.0:7433"));

        assertThatThrownBy(() -> CoordinatorSettings.read(flags, Map.of(), Map.of()))
                .message()
                .contains("key-file: must be given with zookeeper")
                .contains("blobs: must be given with zookeeper")
                .contains("advertise: must be given");

        Path keys = folder.resolve("keys");
        flags.put("key-file", keys.toString());
        flags.put("blobs", folder.resolve("blobs").toString());
        flags.put("advertise", "10.0.0.1:7433");
        flags.put("journal", "rocksdb");
        assertThatThrownBy(() -> CoordinatorSettings.read(flags, Map.of(), Map.of()))
                .message()
                .contains("does not exist")
                .contains("journal: rocksdb cannot be shared");

        Files.createFile(keys);
        flags.put("journal", "bookkeeper");
        var settings = CoordinatorSettings.read(flags, Map.of(), Map.of());
        assertThat(settings.leaseTtl()).hasMinutes(5);
        assertThat(settings.effective())
                .containsEntry("zookeeper", "z1:2181")
                .containsEntry("journal", "bookkeeper")
                .containsEntry("advertise", "10.0.0.1:7433")
                .containsEntry("member-id", "its address")
                .containsEntry("session-timeout", "4s");
    }

    @Test
    void settingsOfAClusterMeanNothingWithoutOne() {
        var flags = Map.of("data", "d", "member-id", "c1", "journal", "bookkeeper");

        assertThatThrownBy(() -> CoordinatorSettings.read(flags, Map.of(), Map.of()))
                .message()
                .contains("member-id: means nothing without zookeeper")
                .contains("journal: bookkeeper needs zookeeper");
    }

    @Test
    void listenersBeyondLoopbackAreKnown() {
        var flags = Map.of("data", "d", "listen", "0.0.0.0:0", "http", "[::1]:8080");

        var settings = CoordinatorSettings.read(flags, Map.of(), Map.of());

        assertThat(settings.listenersBeyondLoopback())
                .extracting(Address::toString)
                .containsExactly("0.0.0.0:0");
    }
}
