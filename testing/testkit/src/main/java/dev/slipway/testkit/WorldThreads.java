package dev.slipway.testkit;

import dev.slipway.testkit.SimulatedWorld.Node;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The threads of a world, for people who want to see why nothing happens.
final class WorldThreads {
    private final List<Started> threads = new ArrayList<>();
    private int most = 1_000;

    record Started(Node node, Thread thread) {
        boolean over() {
            return node.killed() || thread.getState() == Thread.State.TERMINATED;
        }
    }

    void add(Started thread) {
        if (threads.size() >= most) {
            threads.removeIf(Started::over);
            most = Math.max(1_000, 2 * threads.size());
        }
        threads.add(thread);
    }

    List<String> waiting() {
        return threads.stream()
                .filter(one -> !one.over())
                .map(one -> one.thread.getName() + ": " + place(one.thread))
                .toList();
    }

    /// Where a thread is, in our own code.
    static String place(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("dev.slipway"))
                .limit(4)
                .map(
                        frame ->
                                "%s:%d %s"
                                        .formatted(
                                                frame.getFileName(),
                                                frame.getLineNumber(),
                                                frame.getMethodName()))
                .collect(Collectors.joining(" < "));
    }
}
