package dev.slipway.cli.terminal;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/// Runs an action when the process gets a signal.
///
/// Java has no public interface for this: a shutdown hook cannot tell the first Ctrl-C from the
/// second. `sun.misc.Signal` (module `jdk.unsupported`, documented to stay) can; it is called by
/// reflection because the compiler warns of every direct use and our warnings are errors.
public final class Signals {
    private Signals() {}

    /// A handler that is in place until it is closed; then the one before is back.
    public static final class Handling implements AutoCloseable {
        private final String name;
        private final @Nullable Object before;

        private Handling(String name, @Nullable Object before) {
            this.name = name;
            this.before = before;
        }

        @Override
        public void close() {
            if (before != null) {
                install(name, before);
            }
        }
    }

    /// Calls `action` on a thread of the JVM for every `name` (`INT`, `TERM`), instead of ending
    /// the process. Does nothing when this JVM does not hand signals out (`-Xrs`).
    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
    public static Handling handle(String name, Runnable action) {
        InvocationHandler body =
                (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "handle" -> {
                                action.run();
                                yield null;
                            }
                            case "hashCode" -> System.identityHashCode(proxy);
                            case "equals" -> proxy == arguments[0];
                            default -> "handler of SIG" + name;
                        };
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(), new Class<?>[] {handler}, body);
            return new Handling(name, install(name, proxy));
        } catch (ClassNotFoundException unavailable) {
            return new Handling(name, null);
        }
    }

    /// @return the handler before; null when signals are not handed out
    private static @Nullable Object install(String name, Object handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            return signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
        } catch (ReflectiveOperationException unavailable) {
            return null;
        }
    }
}
