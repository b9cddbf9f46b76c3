package dev.slipway.simulation;

import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.testkit.SimulatedWorld.Node;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/// Something bad every now and then, from one seed; each ends by itself after a while.
final class Faults {
    private static final int KINDS = 28;

    private final SimulatedWorld world;
    private final SimulatedFarm farm;
    private final Mood mood;
    private final Random random;
    private final Node fate;
    private int left;

    Faults(SimulatedWorld world, SimulatedFarm farm, Mood mood, Random random) {
        this.world = world;
        this.farm = farm;
        this.mood = mood;
        this.random = random;
        this.fate = world.node("fate");
        this.left = 8 + random.nextInt(18);
    }

    void begin() {
        later(millis(8_000), this::strike);
    }

    /// Whether nothing more will be broken.
    boolean over() {
        return left == 0;
    }

    private void strike() {
        if (--left == 0) {
            return;
        }
        boolean leases = mood == Mood.LEASES;
        if (random.nextInt(leases ? 2 : 3) == 0) {
            strikeByMood();
        } else {
            strikeAnywhere();
        }
        later(Duration.ofMillis(200).plus(millis(leases ? 45_000 : 9_000)), this::strike);
    }

    private void strikeByMood() {
        switch (mood) {
            case MIXED -> strikeAnywhere();
            case LEASES -> stopAndCut();
            case LEADERSHIP -> {
                switch (random.nextInt(3)) {
                    case 0 -> cutElection();
                    case 1 -> stop(member());
                    default -> strikeCluster();
                }
            }
        }
    }

    private void strikeAnywhere() {
        switch (random.nextInt(KINDS)) {
            case 0 -> resetConnections();
            case 1, 2 -> cut(machine().name(), member().host());
            case 3 -> cut(SimulatedClient.HOST, member().host());
            case 4 -> slow();
            case 5 -> doubleMessages();
            case 6, 7 -> killCoordinator();
            case 8 -> stop(member());
            case 9 -> slowDisk();
            case 10 -> failDisk();
            case 11 -> killAgent();
            case 12 -> stop(machine());
            case 13 -> reboot();
            case 14 -> loseSomething();
            case 15 -> stepClock();
            case 16 -> stopAndCut();
            case 17, 18, 19 -> cutElection();
            default -> strikeCluster();
        }
    }

    private void resetConnections() {
        world.note("connections are reset");
        farm.network().resetOneOf(1 + random.nextInt(2));
    }

    /// One direction, or both.
    private void cut(String one, String other) {
        int directions = 1 + random.nextInt(3);
        Duration time = aWhile();
        world.note("cut %s, %s: %d for %s".formatted(one, other, directions, time));
        if ((directions & 1) != 0) {
            cutOneWay(one, other, time);
        }
        if ((directions & 2) != 0) {
            cutOneWay(other, one, time);
        }
    }

    private void cutOneWay(String from, String to, Duration time) {
        farm.network().cut(from, to);
        later(time, () -> farm.network().mend(from, to));
    }

    private void slow() {
        String one = machine().name();
        String other = member().host();
        int most = 50 + random.nextInt(5_000);
        world.note("slow %s, %s: %d ms".formatted(one, other, most));
        farm.network().slow(one, other, most);
        farm.network().slow(other, one, random.nextInt(most));
        later(
                aWhile(),
                () -> {
                    farm.network().mend(one, other);
                    farm.network().mend(other, one);
                });
    }

    private void doubleMessages() {
        world.note("messages are doubled");
        farm.network().doubleSome(true);
        later(aWhile(), () -> farm.network().doubleSome(false));
    }

    private void killCoordinator() {
        SimulatedFarm.Member member = member();
        boolean power = random.nextBoolean();
        world.note("kill %s%s".formatted(member.host(), power ? ", power cut" : ""));
        member.kill();
        if (power) {
            member.disk().cutPower();
        }
        later(millis(random.nextInt(5) == 0 ? 60_000 : 5_000), member::start);
    }

    private void killAgent() {
        SimulatedMachine machine = machine();
        world.note("kill " + machine.name());
        machine.kill(true);
        later(random.nextInt(4) == 0 ? aWhile() : millis(5_000), machine::start);
    }

    private void stop(SimulatedFarm.Member member) {
        SimulatedCoordinator process = member.process();
        if (process != null) {
            stop(process.node());
        }
    }

    private void stop(SimulatedMachine machine) {
        Node agent = machine.agent();
        if (agent != null) {
            stop(agent);
        }
    }

    /// A machine that stands still while the network fails: answers that were on their way are old
    /// when they are heard, and nobody hears the agent.
    private void stopAndCut() {
        SimulatedMachine machine = busyMachine();
        Duration time = Duration.ofSeconds(20).plus(millis((int) farm.lease().toMillis() - 28_000));
        world.note("slow %s, then stop it for %s and cut it off".formatted(machine.name(), time));
        for (SimulatedFarm.Member member : farm.members()) {
            farm.network().slow(member.host(), machine.name(), 4_000);
        }
        later(
                Duration.ofSeconds(6),
                () -> {
                    Node agent = machine.agent();
                    if (agent != null) {
                        stop(agent, time);
                    }
                    for (SimulatedFarm.Member member : farm.members()) {
                        farm.network().mend(member.host(), machine.name());
                        cutOneWay(
                                machine.name(),
                                member.host(),
                                farm.lease().plus(Duration.ofSeconds(30)));
                    }
                });
    }

    private void stop(Node process) {
        stop(process, aWhile());
    }

    private void stop(Node process, Duration time) {
        world.note("stop %s for %s".formatted(process.name(), time));
        process.stop();
        later(time, process::resume);
    }

    private void slowDisk() {
        int most = 20 + random.nextInt(1_500);
        SimulatedFarm.Member member = member();
        world.note("the disk of %s takes up to %d ms".formatted(member.host(), most));
        member.disk().slow(most);
        later(aWhile(), () -> member.disk().slow(1));
    }

    private void failDisk() {
        SimulatedFarm.Member member = member();
        world.note("the disk of %s will fail".formatted(member.host()));
        member.disk().failNext();
    }

    private void reboot() {
        SimulatedMachine machine = machine();
        world.note("reboot " + machine.name());
        machine.reboot();
        later(millis(20_000), machine::start);
    }

    private void loseSomething() {
        SimulatedMachine machine = machine();
        if (random.nextBoolean()) {
            world.note("the supervisors of %s are killed".formatted(machine.name()));
            machine.executor().loseSupervisors();
        } else {
            world.note("the work directory of %s is lost".formatted(machine.name()));
            machine.loseWork();
            later(millis(5_000), machine::start);
        }
    }

    private void stepClock() {
        Duration by = Duration.ofMinutes(random.nextInt(120) - 60);
        boolean agents = random.nextBoolean();
        String host = agents ? machine().name() : member().host();
        world.note("the clock of %s is set by %s".formatted(host, by));
        farm.machines().stream()
                .filter(machine -> machine.name().equals(host))
                .forEach(machine -> machine.clock().step(by));
        farm.members().stream()
                .filter(member -> member.host().equals(host))
                .forEach(member -> member.clock().step(by));
    }

    private void cutElection() {
        if (farm.standalone()) {
            killCoordinator();
        } else {
            cut(member().host(), SimulatedElection.HOST);
        }
    }

    /// What can only happen where coordinators are several.
    private void strikeCluster() {
        if (farm.cluster().isEmpty()) {
            killCoordinator();
            return;
        }
        var cluster = farm.cluster().get();
        switch (random.nextInt(9)) {
            case 0, 1 -> cut(member().host(), SimulatedLogs.HOST);
            case 2 -> slowLogs();
            case 3 -> loseQuorum(cluster.logs());
            case 4 -> {
                world.note("an append will be refused");
                cluster.logs().refuseOne();
            }
            case 5 -> {
                world.note("an acknowledgement will be lost");
                cluster.logs().answerOneNot();
            }
            case 6 -> {
                world.note("whoever is elected gives it away");
                farm.members().stream()
                        .map(SimulatedFarm.Member::process)
                        .filter(Objects::nonNull)
                        .forEach(SimulatedCoordinator::resign);
            }
            case 7 -> loseDisk();
            default -> partMembers();
        }
    }

    private void slowLogs() {
        String host = member().host();
        int most = 50 + random.nextInt(3_000);
        world.note("the way of %s to the logs takes up to %d ms".formatted(host, most));
        farm.network().slow(host, SimulatedLogs.HOST, most);
        farm.network().slow(SimulatedLogs.HOST, host, random.nextInt(most));
        later(
                aWhile(),
                () -> {
                    farm.network().mend(host, SimulatedLogs.HOST);
                    farm.network().mend(SimulatedLogs.HOST, host);
                });
    }

    private void loseQuorum(SimulatedLogs logs) {
        Duration time = aWhile();
        world.note("too few bookies for " + time);
        logs.writable(false);
        later(time, () -> logs.writable(true));
    }

    /// One loses its disk while another one, which has everything, leads.
    private void loseDisk() {
        SimulatedCoordinator leader = farm.leader();
        SimulatedFarm.Member member = farm.members().get(random.nextInt(farm.members().size()));
        if (leader == null || leader.node().stopped() || member.process() == leader) {
            killCoordinator();
            return;
        }
        world.note("kill %s, its disk is lost".formatted(member.host()));
        member.kill();
        member.disk().wipe();
        later(millis(20_000), member::start);
    }

    /// Two members do not reach each other, or one is asked to end.
    private void partMembers() {
        SimulatedFarm.Member member = member();
        SimulatedCoordinator process = member.process();
        if (random.nextBoolean() && process != null) {
            world.note("%s is asked to end".formatted(member.host()));
            process.end();
        } else {
            List<SimulatedFarm.Member> all = farm.members();
            cut(all.getFirst().host(), all.getLast().host());
        }
    }

    /// Mostly short, sometimes longer than any lease.
    private Duration aWhile() {
        return switch (random.nextInt(4)) {
            case 0 -> millis(2 * (int) farm.lease().toMillis());
            case 1 -> millis(20_000);
            default -> millis(5_000);
        };
    }

    private SimulatedMachine machine() {
        return farm.machines().get(random.nextInt(farm.machines().size()));
    }

    /// One on which something runs, if there is one.
    private SimulatedMachine busyMachine() {
        List<SimulatedMachine> busy =
                farm.machines().stream()
                        .filter(machine -> machine.executor().running() > 0)
                        .toList();
        return busy.isEmpty() ? machine() : busy.get(random.nextInt(busy.size()));
    }

    /// The one that leads, more often than not.
    private SimulatedFarm.Member member() {
        if (random.nextBoolean()) {
            for (SimulatedFarm.Member member : farm.members()) {
                SimulatedCoordinator process = member.process();
                if (process != null && process.serves()) {
                    return member;
                }
            }
        }
        return farm.members().get(random.nextInt(farm.members().size()));
    }

    private Duration millis(int most) {
        return Duration.ofMillis(random.nextInt(most));
    }

    private void later(Duration delay, Runnable what) {
        fate.after(delay, what);
    }
}
