package dev.slipway.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.Executor;

/// Virtual threads with a scheduler of our own.
///
/// It is handed to the JDK through `java.lang.ThreadBuilders`, which needs `--add-opens
/// java.base/java.lang=ALL-UNNAMED` (set for the tests in the parent pom); tried on JDK 25.
final class VirtualThreads {
    private static final Method NEW_VIRTUAL_THREAD = newVirtualThread();

    private VirtualThreads() {}

    /// @param scheduler gets each piece that the thread runs between two waits
    static Thread unstarted(Executor scheduler, String name, Runnable body) {
        try {
            return (Thread) NEW_VIRTUAL_THREAD.invoke(null, scheduler, name, 0, body);
        } catch (IllegalAccessException | InvocationTargetException problem) {
            throw new IllegalStateException("cannot make a simulated thread", problem);
        }
    }

    private static Method newVirtualThread() {
        try {
            Method method =
                    Class.forName("java.lang.ThreadBuilders")
                            .getDeclaredMethod(
                                    "newVirtualThread",
                                    Executor.class,
                                    String.class,
                                    int.class,
                                    Runnable.class);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException | RuntimeException problem) {
            throw new IllegalStateException(
                    "This JVM has no scheduler hook for virtual threads. Run it with"
                            + " --add-opens java.base/java.lang=ALL-UNNAMED on JDK 25.",
                    problem);
        }
    }
}
