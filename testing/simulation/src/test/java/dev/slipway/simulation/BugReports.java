package dev.slipway.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Product code catches its own bugs and asks in its log to report them: here they are. All other
/// log events are dropped, unless `-Dslipway.test.log=LEVEL` wants them. One simulation at a time.
final class BugReports extends AppenderBase<ILoggingEvent> {
    private static final BugReports INSTANCE = new BugReports();

    private @Nullable String first;

    private BugReports() {}

    /// Begins to watch.
    static BugReports watch() {
        INSTANCE.first = null;
        if (!INSTANCE.isStarted()
                && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
            String wanted = System.getProperty("slipway.test.log");
            if (wanted == null) {
                root.detachAndStopAllAppenders();
            }
            root.setLevel(Level.toLevel(wanted, Level.ERROR));
            INSTANCE.setContext(context);
            INSTANCE.start();
            root.addAppender(INSTANCE);
        }
        return INSTANCE;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (first == null && event.getMessage().contains("report")) {
            var problem = event.getThrowableProxy();
            first =
                    problem == null
                            ? event.getFormattedMessage()
                            : "%s (%s: %s)"
                                    .formatted(
                                            event.getFormattedMessage(),
                                            problem.getClassName(),
                                            problem.getMessage());
        }
    }

    /// Something else than a refusal or a failure of the environment ended a coordinator.
    void add(Throwable bug) {
        if (first == null) {
            first = bug.toString();
        }
    }

    /// @throws AssertionError when a bug was reported
    void check() {
        if (first != null) {
            throw new AssertionError("The product reports a bug: " + first);
        }
    }
}
