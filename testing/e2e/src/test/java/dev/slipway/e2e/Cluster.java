package dev.slipway.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A highly available farm of separate processes: ZooKeeper servers, bookies, coordinators, agents.
/// Each can be killed, stopped, started again and, in {@link Namespaces}, cut off.
final class Cluster implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);

    private final Slipway slipway;
    private final Path scratch;
    private final Place place;
    private final Shape shape;
    private final Map<String, Member> members = new LinkedHashMap<>();

    /// How many of each.
    ///
    /// @param session ZooKeeper's session timeout: how long a lost leader is waited for
    record Shape(int zookeepers, int bookies, int coordinators, int agents, Duration session) {}

    /// Everything is up and a leader serves when this returns.
    Cluster(Slipway slipway, Path scratch, Place place, Shape shape) {
        this.slipway = slipway;
        this.scratch = scratch;
        this.place = place;
        this.shape = shape;
        plan();
        try {
            slipway.run(scratch, "key-file", scratch.resolve("keyset").toString()).expect(0);
            startAll("zookeeper-");
            startAll("bookie-");
            startAll("coordinator-");
            awaitLeader(START);
            startAll("agent-");
        } catch (AssertionError problem) {
            close();
            throw problem;
        }
    }

    private void plan() {
        for (int i = 1; i <= shape.zookeepers(); i++) {
            add("zookeeper-" + i);
        }
        for (int i = 1; i <= shape.bookies(); i++) {
            add("bookie-" + i);
        }
        for (int i = 1; i <= shape.coordinators(); i++) {
            add("coordinator-" + i);
        }
        for (int i = 1; i <= shape.agents(); i++) {
            add("agent-" + i);
        }
    }

    private void add(String name) {
        members.put(name, new Member(name, place.host(name) + ":" + place.port(name)));
    }

    private void startAll(String kind) {
        named(kind).forEach(Member::start);
        named(kind).forEach(Member::awaitReady);
    }

    Member member(String name) {
        return members.get(name);
    }

    /// Those whose names begin so, in order.
    List<Member> named(String kind) {
        return members.values().stream().filter(member -> member.name.startsWith(kind)).toList();
    }

    /// The coordinators' addresses, as `--server` takes them.
    String servers() {
        return addresses("coordinator-");
    }

    private String addresses(String kind) {
        return named(kind).stream().map(Member::address).collect(Collectors.joining(","));
    }

    /// Waits until some coordinator leads and answers its name.
    Member awaitLeader(Duration limit) {
        return Eventually.get("a leader serves", limit, this::leader);
    }

    /// Waits until a coordinator leads that is not the given one: who was killed stays registered
    /// until its session has ended.
    Member awaitOtherLeader(Member old, Duration limit) {
        return Eventually.get(
                "another member leads",
                limit,
                () -> {
                    Member leads = leader();
                    return leads == old ? null : leads;
                });
    }

    /// The coordinator that leads, by what the members themselves say; null while none does.
    Member leader() {
        var answer = run(scratch, "members", "--json");
        if (answer.exit() != 0) {
            return null;
        }
        String leading = MembersJson.leader(answer.out());
        return named("coordinator-").stream()
                .filter(member -> member.address.equals(leading))
                .findFirst()
                .orElse(null);
    }

    /// A client command against all coordinators.
    Slipway.Result run(Path folder, String... arguments) {
        return slipway.run(folder, withServers(arguments));
    }

    Slipway.Background follow(String name, Path folder, String... arguments) {
        return slipway.start(name, folder, withServers(arguments));
    }

    private String[] withServers(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add(1, "--server");
        all.add(2, servers());
        return all.toArray(String[]::new);
    }

    @Override
    public void close() {
        slipway.close();
        place.close();
    }

    private List<String> command(String name, String address) {
        String data = scratch.resolve(name).toString();
        String zookeeper = addresses("zookeeper-");
        var command = new ArrayList<String>();
        if (name.startsWith("zookeeper-")) {
            command.addAll(List.of("zookeeper", "--data", data, "--listen", address));
            if (shape.zookeepers() > 1) {
                command.addAll(List.of("--id", name.substring(10), "--servers", ensemble()));
            }
        } else if (name.startsWith("bookie-")) {
            command.addAll(List.of("bookie", "--data", data, "--listen", address));
            command.addAll(List.of("--zookeeper", zookeeper));
        } else if (name.startsWith("coordinator-")) {
            command.addAll(List.of("coordinator", "--data", data, "--listen", address));
            command.addAll(List.of("--zookeeper", zookeeper, "--journal", "bookkeeper"));
            command.addAll(List.of("--session-timeout", shape.session().toSeconds() + "s"));
            command.addAll(List.of("--key-file", scratch.resolve("keyset").toString()));
            command.addAll(List.of("--blobs", scratch.resolve("blobs").toString()));
        } else {
            command.addAll(List.of("agent", "--coordinator", servers(), "--name", name));
            command.addAll(List.of("--label", "ubuntu-latest", "--slots", "2", "--work", data));
        }
        return command;
    }

    /// `1=host:peer:election;…`: the two ports after each server's own.
    private String ensemble() {
        return named("zookeeper-").stream()
                .map(
                        server ->
                                "%s=%s:%d:%d"
                                        .formatted(
                                                server.name.substring(10),
                                                place.host(server.name),
                                                place.port(server.name) + 1,
                                                place.port(server.name) + 2))
                .collect(Collectors.joining(";"));
    }

    /// One process that keeps its address and its data through restarts.
    final class Member {
        private final String name;
        private final String address;
        private Slipway program = slipway;
        private Slipway.Background process;

        private Member(String name, String address) {
            this.name = name;
            this.address = address;
        }

        String name() {
            return name;
        }

        String address() {
            return address;
        }

        /// From the next start on, it is of another version.
        void startsFrom(Slipway version) {
            program = version;
        }

        boolean alive() {
            return process != null && process.process().isAlive();
        }

        void start() {
            process =
                    program.startIn(
                            place.prefix(name),
                            name,
                            scratch,
                            command(name, address).toArray(String[]::new));
        }

        /// Every server prints one line when it is ready.
        void awaitReady() {
            Eventually.holds(
                    name + " is ready",
                    START,
                    () -> {
                        if (!alive()) {
                            throw new AssertionError(name + " ended\n" + process.output());
                        }
                        return process.output().contains(readyMark());
                    });
        }

        private String readyMark() {
            return name.startsWith("agent-") ? "ready" : address;
        }

        /// SIGKILL.
        void kill() {
            process.killNine();
        }

        /// SIGTERM: it hands its work over and ends.
        void terminate() {
            process.terminate();
        }

        /// SIGSTOP: alive, but does nothing.
        void pause() {
            process.signal("STOP");
        }

        void resume() {
            process.signal("CONT");
        }

        void cut() {
            place.cut(name);
        }

        void mend() {
            place.mend(name);
        }

        String output() {
            return process.output();
        }
    }
}
