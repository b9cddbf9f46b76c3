package dev.slipway.agent.process;

import dev.slipway.time.Threads;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/// Says when something changes in a folder. One per agent: the kernel's notices (inotify) arrive on
/// one thread, which waits without polling.
public final class FolderWatcher implements AutoCloseable {
    private final WatchService service;
    private final Map<WatchKey, List<Listener>> listeners = new ConcurrentHashMap<>();

    /// @throws IOException when the kernel's limit of inotify instances is reached
    ///   (`fs.inotify.max_user_instances`)
    public FolderWatcher(Path anyFolder, Threads threads) throws IOException {
        service = anyFolder.getFileSystem().newWatchService();
        threads.startOwner("folder-watcher", this::follow);
    }

    /// One folder that is watched until this is closed.
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /// Calls `changed` after files were created, written or deleted; several changes may make one
    /// call. It must be quick. Changes before this method returns may be missed: register first,
    /// then look.
    ///
    /// @param relevant chooses the names of files that matter
    public Watch watch(Path folder, Predicate<String> relevant, Runnable changed)
            throws IOException {
        WatchKey key =
                folder.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
        var listener = new Listener(relevant, changed);
        listeners.computeIfAbsent(key, unused -> new CopyOnWriteArrayList<>()).add(listener);
        return () -> stop(key, listener);
    }

    private record Listener(Predicate<String> relevant, Runnable changed) {
        void hear(List<WatchEvent<?>> events) {
            for (WatchEvent<?> event : events) {
                // Without a name: the kernel dropped notices, so anything may have changed.
                Object name = event.context();
                if (name == null || relevant.test(name.toString())) {
                    changed.run();
                    return;
                }
            }
        }
    }

    /// A folder that is watched twice has one key.
    private void stop(WatchKey key, Listener listener) {
        listeners.computeIfPresent(
                key,
                (unused, all) -> {
                    all.remove(listener);
                    if (!all.isEmpty()) {
                        return all;
                    }
                    key.cancel();
                    return null;
                });
    }

    private void follow() {
        try {
            while (true) {
                WatchKey key = service.take();
                List<WatchEvent<?>> events = key.pollEvents();
                key.reset();
                listeners.getOrDefault(key, List.of()).forEach(it -> it.hear(events));
            }
        } catch (ClosedWatchServiceException closed) {
            return;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
