package dev.slipway.simulation;

import dev.slipway.testkit.MachineClock;
import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.testkit.SimulatedWorld.Node;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Coordinators, agents and a client in one world. Whoever ends is started again by a supervisor.
///
/// One coordinator is standalone. Several share what a replicated journal and log would be: a disk
/// that fences, and an election; the one that is elected serves.
final class SimulatedFarm {
    private static final Duration RESTART = Duration.ofSeconds(2);

    private final SimulatedWorld world;
    private final SimulatedNetwork network;
    private final SimulatedDisk disk;
    private final SimulatedCoordinator.Parts parts;
    private final Audit audit;
    private final List<Member> members = new ArrayList<>();
    private final List<SimulatedMachine> machines = new ArrayList<>();
    private final SimulatedClient client;

    /// @param random decides on sizes and clocks
    SimulatedFarm(SimulatedWorld world, Path folder, Variant variant, Mood mood, Random random) {
        this.world = world;
        audit = new Audit(world);
        network = new SimulatedNetwork(world, audit, variant);
        disk = new SimulatedDisk(world, folder.resolve("disk"), variant);
        audit.follow(disk.acknowledged(), this::leader);
        boolean alone = mood != Mood.LEADERSHIP && random.nextInt(3) > 0;
        int count = alone ? 1 : 2 + random.nextInt(2);
        var lease = Duration.ofSeconds(40 + 10L * random.nextInt(4));
        parts =
                new SimulatedCoordinator.Parts(
                        world,
                        network,
                        disk,
                        count == 1 ? null : new SimulatedElection(world),
                        new SimulatedCoordinator.Pace(
                                Duration.ofSeconds(3), lease, Duration.ofSeconds(10)),
                        folder.resolve("keys"));
        for (int number = 1; number <= count; number++) {
            var member = new Member("member-" + number, clock(random));
            members.add(member);
            network.addMember(member.host, () -> member.process);
        }
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

    SimulatedDisk disk() {
        return disk;
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
        return parts.pace().lease();
    }

    boolean standalone() {
        return members.size() == 1;
    }

    /// Whoever serves in the highest epoch.
    private @Nullable SimulatedCoordinator leader() {
        SimulatedCoordinator found = null;
        for (Member member : members) {
            SimulatedCoordinator process = member.process;
            if (process != null
                    && process.serves()
                    && process.engine().epoch() == audit.highestEpoch()) {
                found = process;
            }
        }
        return found;
    }

    /// Nothing is wrong any more, and everybody runs.
    void heal() {
        world.note("all is well again");
        network.heal();
        disk.heal();
        for (Member member : members) {
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
        private @Nullable SimulatedCoordinator process;

        Member(String host, MachineClock clock) {
            this.host = host;
            this.clock = clock;
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
                process = new SimulatedCoordinator(parts, node, this::ended);
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
