package dev.slipway.time;

/// Starts threads. Every thread has a name and an owner that ends it.
public interface Threads {
    /// Starts a cheap thread for plain blocking code (a virtual thread in production). An exception
    /// that escapes `body` is logged with the thread's name.
    Thread start(String name, Runnable body);

    /// Starts a thread that owns state and stays busy (a platform thread in production): the
    /// engine, the committing thread.
    Thread startOwner(String name, Runnable body);
}
