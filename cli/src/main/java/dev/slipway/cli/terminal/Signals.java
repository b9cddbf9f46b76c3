package dev.slipway.cli.terminal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/// Runs an action when the process gets a signal.
///
/// Java has no public interface for this: a shutdown hook cannot tell the first Ctrl-C from the
/// second. `sun.misc.Signal` (module `jdk.unsupported`, documented to stay) can; it is called by
/// reflection because the compiler warns of every direct use and our warnings are errors.
public final class Signals {
    private Signals() {}

    /// Calls `action` on a thread of the JVM for every `name` (`INT`, `TERM`) from now on, instead
    /// of ending the process.
    ///
    /// @return false when this JVM does not hand signals out (`-Xrs`)
    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
    public static boolean handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
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
            Object proxy =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(), new Class<?>[] {handler}, body);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            return true;
        } catch (ReflectiveOperationException unavailable) {
            return false;
        }
    }
}
