package dev.slipway.coordinator.blobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Lets several threads run by turns, one at a time, in an order that comes from a seed.
final class Turns {
    private final List<Actor> actors = new ArrayList<>();
    private final Semaphore yielded = new Semaphore(0);
    private final Map<Thread, Actor> actorOf = new ConcurrentHashMap<>();

    /// What an actor does.
    interface Script {
        void run() throws Exception;
    }

    private static final class Actor {
        final Semaphore turn = new Semaphore(0);
        boolean ended;
        Throwable problem;
    }

    void add(Script script) {
        var actor = new Actor();
        actors.add(actor);
        Thread.ofVirtual()
                .start(
                        () -> {
                            actorOf.put(Thread.currentThread(), actor);
                            actor.turn.acquireUninterruptibly();
                            try {
                                script.run();
                            } catch (Exception | AssertionError problem) {
                                actor.problem = problem;
                            }
                            actor.ended = true;
                            yielded.release();
                        });
    }

    /// Called by an actor: others may come first. On any other thread it does nothing.
    void pause() {
        Actor actor = actorOf.get(Thread.currentThread());
        if (actor != null) {
            yielded.release();
            actor.turn.acquireUninterruptibly();
        }
    }

    /// Runs all to their ends, or one to its failure. Now and then one goes on for long, while all
    /// others stand still.
    void run(Random random) {
        while (!actors.isEmpty()) {
            Actor actor = actors.get(random.nextInt(actors.size()));
            int steps = random.nextInt(4) == 0 ? random.nextInt(60) : 1 + random.nextInt(3);
            while (steps-- > 0 && !actor.ended) {
                actor.turn.release();
                yielded.acquireUninterruptibly();
            }
            if (actor.ended) {
                actors.remove(actor);
                if (actor.problem != null) {
                    throw new AssertionError(actor.problem.getMessage(), actor.problem);
                }
            }
        }
    }
}
