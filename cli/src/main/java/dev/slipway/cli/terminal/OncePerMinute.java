package dev.slipway.cli.terminal;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

import java.util.concurrent.ConcurrentHashMap;

/// Lets one event of each logger pass in a minute. Safe for many threads.
final class OncePerMinute extends Filter<ILoggingEvent> {
    private static final long MINUTE_MS = 60_000;

    /// When each logger spoke last, in milliseconds. There are as many as loggers.
    private final ConcurrentHashMap<String, Long> spoke = new ConcurrentHashMap<>();

    @Override
    public FilterReply decide(ILoggingEvent event) {
        long now = event.getTimeStamp();
        long noted =
                spoke.compute(
                        event.getLoggerName(),
                        (name, last) -> last == null || now - last >= MINUTE_MS ? now : last);
        return noted == now ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
}
