package dev.slipway.agent.image;

import dev.slipway.time.SystemThreads;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Pushes and writes an image in a process of its own, which can be killed.
final class AssembleOnce {
    private AssembleOnce() {}

    /// `FOLDER TAG BASE POINT`: stops when it has said so many lines.
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int point = Integer.parseInt(arguments[3]);
        var lines = new AtomicInteger();
        var assembler =
                new Assembler(
                        new Assembler.Places(folder.resolve("bases"), folder.resolve("own")),
                        registry -> Optional.empty(),
                        new SystemThreads(),
                        line -> {
                            if (lines.incrementAndGet() >= point) {
                                System.out.println("at " + line);
                                sleep();
                            }
                        });
        Assembly assembly =
                AssemblerIT.assembly(arguments[2], folder.resolve("files").toRealPath());
        Assembler.Made written =
                assembler.write(assembly, folder.resolve("image.tar"), arguments[1]);
        Assembler.Made pushed = assembler.push(assembly, arguments[1]);
        System.out.println("ended %s %s %s".formatted(written.id(), pushed.id(), pushed.digest()));
    }

    private static void sleep() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException killed) {
            Thread.currentThread().interrupt();
        }
    }
}
