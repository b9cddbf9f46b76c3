package dev.slipway.coordinator.settings;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything that can be set on a coordinator. Made by {@link #read} or {@link #defaults}; a value
/// that breaks a rule never gets in.
///
/// @param data where everything but the keys is kept
/// @param keyFile the keys that seal secrets; outside `data`
/// @param listen where gRPC listens
/// @param http where metrics and health are served; empty: nowhere
/// @param incidentKeyFile the key that signs messages about incidents; empty: none are taken
/// @param leaseTtl how long a job goes on without word from its coordinator: the longest outage
///   that is survived
/// @param heartbeat how often agents report
/// @param unreachableAfter silence after which an agent shows as unreachable
/// @param killGrace how long SIGINT and SIGTERM may take before a lease ends
/// @param reconnectWindow reconnects of agents are spread over this
/// @param keepRuns how many finished runs are kept; 0: all
/// @param keepFor how long finished runs are kept; zero: for ever
/// @param artifactDays how long artifacts stay when the step does not say
/// @param blobs where sources, artifacts and caches are kept
/// @param blobsCredentials file with the credentials for a bucket; empty: what AWS's own tools find
/// @param blobQuota bytes that sources, artifacts and caches may take
/// @param blobGrace how long an upload that nothing refers to is kept
/// @param logCap bytes of output kept per step: the head and the tail
/// @param logQueue bytes of output that may wait to be written
/// @param watchers streams of watching and following clients at once
/// @param cluster what makes it one of several; empty: it is alone
public record CoordinatorSettings(
        Path data,
        Path keyFile,
        Address listen,
        Optional<Address> http,
        Optional<Path> incidentKeyFile,
        Duration leaseTtl,
        Duration heartbeat,
        Duration unreachableAfter,
        Duration killGrace,
        Duration reconnectWindow,
        int keepRuns,
        Duration keepFor,
        int artifactDays,
        BlobLocation blobs,
        Optional<Path> blobsCredentials,
        long blobQuota,
        Duration blobGrace,
        long logCap,
        long logQueue,
        int watchers,
        Optional<ClusterSettings> cluster) {

    /// The settings of a coordinator of which nothing is set but where its data is.
    public static CoordinatorSettings defaults(Path data) {
        return read(Map.of("data", data.toString()), Map.of(), Map.of());
    }

    /// Reads settings by name; a flag beats the environment, the environment a file, a file the
    /// default.
    ///
    /// @param flags by name as in {@link Key}, without dashes in front
    /// @param environment variables; `SLIPWAY_COORDINATOR_LEASE_TTL` sets `lease-ttl`
    /// @param file by name as in {@link Key}
    /// @throws SlipwayException when anything is wrong, naming everything that is
    public static CoordinatorSettings read(
            Map<String, String> flags, Map<String, String> environment, Map<String, String> file) {
        var reader = new Reader(flags, environment, file);
        Path data = reader.path(Key.DATA);
        var settings =
                new CoordinatorSettings(
                        data,
                        reader.keyFile(data),
                        reader.address(Key.LISTEN),
                        reader.text(Key.HTTP).isEmpty()
                                ? Optional.empty()
                                : Optional.of(reader.address(Key.HTTP)),
                        reader.optionalPath(Key.INCIDENT_KEY_FILE),
                        reader.duration(Key.LEASE_TTL),
                        reader.duration(Key.HEARTBEAT_INTERVAL),
                        reader.duration(Key.UNREACHABLE_AFTER),
                        reader.duration(Key.KILL_GRACE),
                        reader.duration(Key.RECONNECT_WINDOW),
                        (int) reader.number(Key.KEEP_RUNS),
                        Duration.ofDays(reader.number(Key.KEEP_DAYS)),
                        (int) reader.number(Key.ARTIFACT_DAYS),
                        reader.blobs(data),
                        reader.optionalPath(Key.BLOBS_CREDENTIALS),
                        reader.bytes(Key.BLOB_QUOTA),
                        reader.duration(Key.BLOB_GRACE),
                        reader.bytes(Key.LOG_CAP),
                        reader.bytes(Key.LOG_QUEUE),
                        (int) reader.number(Key.MAX_WATCHERS),
                        ClusterSettings.read(reader));
        settings.check(reader.given(Key.KEY_FILE), reader.problems);
        if (!reader.problems.isEmpty()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The coordinator's settings are wrong:\n  "
                            + String.join("\n  ", reader.problems));
        }
        return settings;
    }

    private void check(boolean keyFileGiven, List<String> problems) {
        cluster.ifPresent(it -> it.check(keyFile, keyFileGiven, listen, problems));
        if (keyFile.toAbsolutePath().normalize().startsWith(data.toAbsolutePath().normalize())) {
            problems.add(
                    ("key-file: %s is inside the data directory;"
                                    + " a copy of the data would tell all secrets")
                            .formatted(keyFile));
        }
        if (cluster.isPresent() && blobs instanceof BlobLocation.Directory own && !own.shared()) {
            problems.add(
                    "blobs: must be given with zookeeper: a directory that all coordinators of the"
                            + " cluster share, or s3://BUCKET/PREFIX; %s is this one's alone"
                                    .formatted(own));
        }
        if (blobsCredentials.isPresent() && !(blobs instanceof BlobLocation.S3)) {
            problems.add("blobs-credentials: means nothing without blobs in a bucket (s3://…)");
        }
        if (incidentKeyFile.isPresent() && http.isEmpty()) {
            problems.add("incident-key-file: means nothing without http");
        }
        if (unreachableAfter.compareTo(heartbeat.multipliedBy(2)) < 0) {
            problems.add(
                    "unreachable-after: %s must be at least twice heartbeat-interval (%s)"
                            .formatted(Units.text(unreachableAfter), Units.text(heartbeat)));
        }
        Duration shortest = heartbeat.multipliedBy(3).plus(killGrace);
        if (leaseTtl.compareTo(shortest) < 0) {
            problems.add(
                    ("lease-ttl: %s must be at least three times heartbeat-interval"
                                    + " plus kill-grace (%s)")
                            .formatted(Units.text(leaseTtl), Units.text(shortest)));
        }
    }

    /// Whether only programs on this machine can reach the listeners.
    public List<Address> listenersBeyondLoopback() {
        var open = new ArrayList<Address>();
        var all = new ArrayList<>(List.of(listen));
        http.ifPresent(all::add);
        for (Address address : all) {
            if (!address.socket().isUnresolved()
                    && !address.socket().getAddress().isLoopbackAddress()) {
                open.add(address);
            }
        }
        return open;
    }

    /// The values in use by name, for printing at a start; nothing in it is secret.
    public SortedMap<String, String> effective() {
        var values = new TreeMap<String, String>();
        values.put(Key.DATA.name, data.toString());
        values.put(Key.KEY_FILE.name, keyFile + " (content hidden)");
        values.put(Key.LISTEN.name, listen.toString());
        values.put(Key.HTTP.name, http.map(Address::toString).orElse("off"));
        incidentKeyFile.ifPresent(
                file -> values.put(Key.INCIDENT_KEY_FILE.name, file + " (content hidden)"));
        values.put(Key.LEASE_TTL.name, Units.text(leaseTtl));
        values.put(Key.HEARTBEAT_INTERVAL.name, Units.text(heartbeat));
        values.put(Key.UNREACHABLE_AFTER.name, Units.text(unreachableAfter));
        values.put(Key.KILL_GRACE.name, Units.text(killGrace));
        values.put(Key.RECONNECT_WINDOW.name, Units.text(reconnectWindow));
        values.put(Key.KEEP_RUNS.name, String.valueOf(keepRuns));
        values.put(Key.KEEP_DAYS.name, String.valueOf(keepFor.toDays()));
        values.put(Key.ARTIFACT_DAYS.name, String.valueOf(artifactDays));
        values.put(Key.BLOBS.name, blobs.toString());
        blobsCredentials.ifPresent(
                file -> values.put(Key.BLOBS_CREDENTIALS.name, file + " (content hidden)"));
        values.put(Key.BLOB_QUOTA.name, Units.text(blobQuota));
        values.put(Key.BLOB_GRACE.name, Units.text(blobGrace));
        values.put(Key.LOG_CAP.name, Units.text(logCap));
        values.put(Key.LOG_QUEUE.name, Units.text(logQueue));
        values.put(Key.MAX_WATCHERS.name, String.valueOf(watchers));
        cluster.ifPresent(it -> it.tell(values));
        return values;
    }
}
