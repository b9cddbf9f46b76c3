package dev.slipway.time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Real threads: virtual ones for blocking code, daemon platform threads for owners of state.
public final class SystemThreads implements Threads {
    private static final Logger LOG = LoggerFactory.getLogger(SystemThreads.class);

    @Override
    public Thread start(String name, Runnable body) {
        return Thread.ofVirtual()
                .name(name)
                .uncaughtExceptionHandler(SystemThreads::report)
                .start(body);
    }

    @Override
    public Thread startOwner(String name, Runnable body) {
        return Thread.ofPlatform()
                .name(name)
                .daemon(true)
                .uncaughtExceptionHandler(SystemThreads::report)
                .start(body);
    }

    private static void report(Thread thread, Throwable problem) {
        LOG.error("A thread ended with an error. thread={}", thread.getName(), problem);
    }
}
