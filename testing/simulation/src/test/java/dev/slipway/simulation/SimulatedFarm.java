package dev.slipway.simulation;

import static dev.slipway.coordinator.journal.ClusterLogs.LogName.OUTPUT;

import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.storage.MemoryDatabase;
import dev.slipway.testkit.MachineClock;
import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.testkit.SimulatedWorld.Node;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/// Coordinators, agents and a client in one world. Whoever ends is started again by a supervisor.
///
/// One coordinator is standalone. Several are members of a cluster, each with a disk of its own;
/// they share the models of BookKeeper ({@link SimulatedLogs}) and ZooKeeper ({@link
/// SimulatedElection}).
final class SimulatedFarm {
    private static final Duration RESTART = Duration.ofSeconds(2);

    private final SimulatedWorld world;
    private final SimulatedNetwork network;
    private final SimulatedCoordinator.Parts parts;
    private final Duration lease;
    private final Audit audit;
    private final List<Member> members = new ArrayList<>();
    private final List<SimulatedMachine> machines = new ArrayList<>();
    private final SimulatedClient client;

    /// @param random decides on sizes and clocks
    SimulatedFarm(SimulatedWorld world, Path folder, Variant variant, Mood mood, Random random) {
        this.world = world;
        audit = new Audit(world);
        network = new SimulatedNetwork(world, audit, variant);
        boolean alone = mood != Mood.LEADERSHIP && random.nextInt(3) > 0;
        int count = alone ? 1 : 2 + random.nextInt(2);
        var drawn = Duration.ofSeconds(40 + 10L * random.nextInt(4));
        lease = variant.told(drawn);
        Optional<SimulatedCoordinator.Cluster> cluster =
                count == 1
                        ? Optional.empty()
                        : Optional.of(
                                new SimulatedCoordinator.Cluster(
                                        new SimulatedElection(world), new SimulatedLogs(network)));
        parts =
                new SimulatedCoordinator.Parts(
                        world,
                        network,
                        cluster,
                        new SimulatedCoordinator.Pace(
                                Duration.ofSeconds(3),
                                variant.meant(drawn),
                                Duration.ofSeconds(10)),
                        folder.resolve("keys"));
        for (int number = 1; number <= count; number++) {
            String host = "member-" + number;
            var disk = new SimulatedDisk(world, folder.resolve(host), variant);
            var member = new Member(host, clock(random), disk);
            members.add(member);
            network.addMember(member.host, () -> member.process);
        }
        audit.follow(
                cluster.map(shared -> shared.logs().journal())
                        .orElseGet(() -> members.getFirst().disk.acknowledged()),
                this::leader);
        List<String> hosts = members.stream().map(member -> member.host).toList();
        int agents = 2 + random.nextInt(2);
        for (int number = 1; number <= agents; number++) {
            machines.add(machine(number, folder, hosts, lease, random));
        }
        client = new SimulatedClient(network, hosts, folder.resolve("keys"));
    }

    private SimulatedMachine machine(
            int number, Path folder, List<String> hosts, Duration lease, Random random) {
        String name = "agent-" + number;
        List<String> labels =
                number == 1 ? List.of("gpu", "ubuntu-latest") : List.of("ubuntu-latest");
        return new SimulatedMachine(
                network,
                new SimulatedMachine.Setup(
                        name,
                        clock(random),
                        folder.resolve(name),
                        1 + random.nextInt(3),
                        labels,
                        hosts,
                        lease));
    }

    /// Wall clocks are up to two hours off; all run up to 2 % fast or slow.
    private MachineClock clock(Random random) {
        return world.machine(
                Duration.ofMinutes(random.nextInt(240) - 120),
                0.98 + random.nextInt(41) / 1_000.0,
                Duration.ofMinutes(random.nextInt(10_000)));
    }

    void start() {
        members.forEach(Member::start);
        machines.forEach(SimulatedMachine::start);
    }

    SimulatedNetwork network() {
        return network;
    }

    /// What members share; empty when one coordinator is alone.
    Optional<SimulatedCoordinator.Cluster> cluster() {
        return parts.cluster();
    }

    List<MemoryDatabase> tables() {
        return members.stream().map(member -> member.disk.database()).toList();
    }

    Audit audit() {
        return audit;
    }

    SimulatedClient client() {
        return client;
    }

    List<Member> members() {
        return members;
    }

    List<SimulatedMachine> machines() {
        return machines;
    }

    Duration lease() {
        return lease;
    }

    boolean standalone() {
        return members.size() == 1;
    }

    /// Whoever serves in the highest epoch.
    @Nullable SimulatedCoordinator leader() {
        for (Member member : members) {
            SimulatedCoordinator process = member.process;
            if (process != null
                    && process.leader()
                            .filter(lead -> lead.engine().epoch() == audit.highestEpoch())
                            .isPresent()) {
                return process;
            }
        }
        return null;
    }

    /// Whether every member has everything that is in the logs.
    boolean level() {
        long position = audit.state().position();
        return cluster().isEmpty()
                || members.stream()
                        .allMatch(
                                member ->
                                        member.process != null
                                                && member.process.isAt(
                                                        position,
                                                        cluster().get().logs().end(OUTPUT)));
    }

    /// Members that are {@link #level} must be the same.
    void checkSame() {
        Member first = members.getFirst();
        for (Member other : members.subList(1, members.size())) {
            audit.checkSame(first.disk, first.logs(), other.disk, other.logs());
        }
    }

    /// Nothing is wrong any more, and everybody runs.
    void heal() {
        world.note("all is well again");
        network.heal();
        cluster().ifPresent(shared -> shared.logs().heal());
        for (Member member : members) {
            member.disk.heal();
            SimulatedCoordinator process = member.process;
            if (process == null) {
                member.start();
            } else {
                process.node().resume();
            }
        }
        for (SimulatedMachine machine : machines) {
            Node agent = machine.agent();
            if (agent == null) {
                machine.start();
            } else {
                agent.resume();
            }
        }
    }

    /// A coordinator's machine.
    final class Member {
        private final String host;
        private final MachineClock clock;
        private final SimulatedDisk disk;
        private @Nullable SimulatedCoordinator process;

        Member(String host, MachineClock clock, SimulatedDisk disk) {
            this.host = host;
            this.clock = clock;
            this.disk = disk;
        }

        SimulatedDisk disk() {
            return disk;
        }

        private LogStore logs() {
            return Objects.requireNonNull(process).logs();
        }

        String host() {
            return host;
        }

        MachineClock clock() {
            return clock;
        }

        @Nullable SimulatedCoordinator process() {
            return process;
        }

        /// Starts the coordinator, unless it runs.
        void start() {
            if (process == null) {
                Node node = world.node(host, clock);
                world.note(host + " starts");
                process = new SimulatedCoordinator(parts, node, disk, this::ended);
            }
        }

        /// `kill -9`.
        void kill() {
            SimulatedCoordinator alive = process;
            if (alive != null) {
                alive.node().kill();
                gone(alive);
            }
        }

        private void ended() {
            SimulatedCoordinator dead = process;
            if (dead != null) {
                gone(dead);
                world.node("init of " + host).after(RESTART, this::start);
            }
        }

        private void gone(SimulatedCoordinator dead) {
            process = null;
            network.died(dead.node());
        }
    }
}
