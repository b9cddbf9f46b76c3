package dev.slipway.e2e;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Kills, stops and cuts off one process after the other. Of each kind of server a majority is left
/// alone at any time, so that the farm is always asked to go on.
final class ChaosFaults {
    private enum Fault {
        KILL,
        PAUSE,
        CUT
    }

    private final Cluster cluster;
    private final SplittableRandom random;
    private final Set<String> disturbed = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Set<Thread> healers = new HashSet<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private Thread thread;

    ChaosFaults(Cluster cluster, long seed) {
        this.cluster = cluster;
        this.random = new SplittableRandom(seed);
    }

    void start() {
        thread = Thread.ofPlatform().name("faults").start(this::live);
    }

    /// Everything is up again when this returns.
    void stop() throws InterruptedException {
        stopped.set(true);
        thread.interrupt();
        thread.join();
        for (Thread healer : healers) {
            healer.join();
        }
    }

    /// How often each fault was done to each kind of process.
    Map<String, Integer> counts() {
        return counts;
    }

    private void live() {
        try {
            while (!stopped.get()) {
                Thread.sleep(random.nextInt(2_000, 7_000));
                disturb();
            }
        } catch (InterruptedException ended) {
            // It is told to stop.
        }
    }

    private void disturb() {
        String kind =
                List.of("coordinator-", "coordinator-", "agent-", "bookie-", "zookeeper-")
                        .get(random.nextInt(5));
        List<Cluster.Member> all = cluster.named(kind);
        long down = all.stream().filter(member -> disturbed.contains(member.name())).count();
        boolean enough = kind.equals("agent-") ? down < all.size() : down < (all.size() - 1) / 2;
        Cluster.Member victim = all.get(random.nextInt(all.size()));
        if (!enough || !disturbed.add(victim.name())) {
            return;
        }
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        long forMillis = random.nextInt(500, kind.equals("agent-") ? 45_000 : 15_000);
        counts.merge(kind + fault, 1, Integer::sum);
        System.out.printf("%s %s for %d ms%n", fault, victim.name(), forMillis);
        switch (fault) {
            case KILL -> victim.kill();
            case PAUSE -> victim.pause();
            case CUT -> victim.cut();
        }
        healers.add(
                Thread.ofPlatform()
                        .name("healer of " + victim.name())
                        .start(() -> heal(victim, fault, forMillis)));
    }

    private void heal(Cluster.Member victim, Fault fault, long afterMillis) {
        long end = System.nanoTime() + afterMillis * 1_000_000;
        try {
            while (System.nanoTime() < end && !stopped.get()) {
                Thread.sleep(50);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        switch (fault) {
            case KILL -> victim.start();
            case PAUSE -> victim.resume();
            case CUT -> victim.mend();
        }
        disturbed.remove(victim.name());
    }
}
