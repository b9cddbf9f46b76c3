package dev.slipway.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;

import org.junit.jupiter.api.Test;

class OncePerMinuteTest {
    private final OncePerMinute filter = new OncePerMinute();

    @Test
    void eachLoggerSpeaksOnceInAMinute() {
        assertThat(filter.decide(event("Journal", 1_000))).isEqualTo(FilterReply.NEUTRAL);
        assertThat(filter.decide(event("Journal", 1_001))).isEqualTo(FilterReply.DENY);
        assertThat(filter.decide(event("Client", 1_002))).isEqualTo(FilterReply.NEUTRAL);
        assertThat(filter.decide(event("Journal", 60_999))).isEqualTo(FilterReply.DENY);
        assertThat(filter.decide(event("Journal", 61_000))).isEqualTo(FilterReply.NEUTRAL);
        assertThat(filter.decide(event("Journal", 62_000))).isEqualTo(FilterReply.DENY);
    }

    private static LoggingEvent event(String logger, long at) {
        var event = new LoggingEvent();
        event.setLoggerName(logger);
        event.setTimeStamp(at);
        return event;
    }
}
