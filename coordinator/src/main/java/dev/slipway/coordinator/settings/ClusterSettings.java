package dev.slipway.coordinator.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// What makes a coordinator a member of a cluster.
///
/// @param zookeeper where the cluster is registered
/// @param advertise where the others, the CLI and the agents reach this one; empty: where it
///   listens
/// @param memberId what this one is called, over restarts; empty: its address
/// @param sessionTimeout how long the registry waits for a silent member before it elects another
public record ClusterSettings(
        ZooKeeperAddress zookeeper,
        Optional<Address> advertise,
        String memberId,
        Duration sessionTimeout) {
    /// How long a job goes on without a leader when the settings do not say.
    static final String LEASE_TTL = "5m";

    private static final List<Key> KEYS =
            List.of(Key.ZOOKEEPER, Key.ADVERTISE, Key.MEMBER_ID, Key.SESSION_TIMEOUT);

    /// Nothing when the coordinator is alone.
    static Optional<ClusterSettings> read(Reader reader) {
        String journal = reader.text(Key.JOURNAL);
        if (!List.of("", "rocksdb", "bookkeeper").contains(journal)) {
            reader.problems.add(
                    "journal: '%s' is neither rocksdb (a coordinator that is alone) nor bookkeeper"
                            .formatted(journal));
        }
        if (reader.text(Key.ZOOKEEPER).isEmpty()) {
            if (journal.equals("bookkeeper")) {
                reader.problems.add(
                        "journal: bookkeeper needs zookeeper, where the cluster is registered");
            }
            KEYS.stream()
                    .filter(reader::given)
                    .forEach(
                            key ->
                                    reader.problems.add(
                                            "%s: means nothing without zookeeper"
                                                    .formatted(key.flag())));
            return Optional.empty();
        }
        if (journal.equals("rocksdb")) {
            reader.problems.add(
                    "journal: rocksdb cannot be shared by a cluster; leave it out with zookeeper,"
                            + " or say bookkeeper");
        }
        return Optional.of(
                new ClusterSettings(
                        reader.zooKeeper(Key.ZOOKEEPER),
                        reader.text(Key.ADVERTISE).isEmpty()
                                ? Optional.empty()
                                : Optional.of(reader.address(Key.ADVERTISE)),
                        reader.text(Key.MEMBER_ID),
                        reader.duration(Key.SESSION_TIMEOUT)));
    }

    /// @param keyFileGiven whether somebody said where the keys are
    void check(Path keyFile, boolean keyFileGiven, Address listen, List<String> problems) {
        if (!keyFileGiven) {
            problems.add(
                    "key-file: must be given with zookeeper: all coordinators of a cluster share"
                            + " one, or none could open the others' secrets");
        } else if (!Files.exists(keyFile)) {
            problems.add(
                    ("key-file: %s does not exist. Copy the cluster's to this machine; for a new"
                                    + " cluster make one with: slipway key-file %s")
                            .formatted(keyFile, keyFile));
        }
        boolean anywhere =
                !listen.socket().isUnresolved() && listen.socket().getAddress().isAnyLocalAddress();
        if (anywhere && advertise.isEmpty()) {
            problems.add(
                    "advertise: must be given, since listen (%s) is no address to call"
                            .formatted(listen));
        }
        if (advertise.filter(address -> address.port() == 0).isPresent()) {
            problems.add("advertise: needs a port that can be called");
        }
    }

    void tell(SortedMap<String, String> values) {
        values.put(Key.ZOOKEEPER.name, zookeeper.toString());
        values.put(Key.JOURNAL.name, "bookkeeper");
        values.put(Key.ADVERTISE.name, advertise.map(Address::toString).orElse("where it listens"));
        values.put(Key.MEMBER_ID.name, memberId.isEmpty() ? "its address" : memberId);
        values.put(Key.SESSION_TIMEOUT.name, Units.text(sessionTimeout));
    }
}
