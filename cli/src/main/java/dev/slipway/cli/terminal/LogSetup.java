package dev.slipway.cli.terminal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.List;

/// Where log events go: one line each with a time, `level=`, `logger=`, the sentence and its
/// fields.
///
/// logback finds this class by itself (a service), which saves parsing XML at every start. Until a
/// command says otherwise, warnings and errors go to stderr.
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} level=%p logger=%logger{0} %m%n";

    /// The same without stack traces.
    private static final String SHORT_PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} level=%p logger=%logger{0} %m"
                    + " %replace(%ex{short}){'\\s+', ' '}%nopex%n";

    /// Libraries that report as errors, many times over, what our own code expects and says better:
    /// a bookie that is gone, a writer that was fenced, a first start, a stop. But a broken disk,
    /// or what only they know, may be among it: of each one line a minute is shown.
    private static final List<String> LOUD =
            List.of(
                    "org.apache.bookkeeper.bookie.Journal",
                    "org.apache.bookkeeper.client.BookKeeper",
                    "org.apache.bookkeeper.client.LedgerHandle",
                    "org.apache.bookkeeper.client.PendingAddOp",
                    "org.apache.bookkeeper.client.PendingWriteLacOp",
                    "org.apache.bookkeeper.client.RackawareEnsemblePlacementPolicyImpl",
                    "org.apache.bookkeeper.client.TopologyAwareEnsemblePlacementPolicy",
                    "org.apache.bookkeeper.discover.ZKRegistrationManager",
                    "org.apache.bookkeeper.meta.AbstractZkLedgerManager",
                    "org.apache.bookkeeper.meta.ZkLedgerUnderreplicationManager",
                    "org.apache.bookkeeper.proto.BookieRequestHandler",
                    "org.apache.bookkeeper.proto.PerChannelBookieClient",
                    "org.apache.bookkeeper.proto.WriteEntryProcessorV3",
                    "org.apache.bookkeeper.replication",
                    "org.apache.bookkeeper.util.PageCacheUtil",
                    "org.apache.curator.framework.imps.CuratorFrameworkImpl",
                    "org.apache.curator.framework.state.ConnectionStateManager",
                    "org.apache.zookeeper.server.ServerCnxnFactory");

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        use(context, console(context, PATTERN), Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /// For programs that serve: everything worth knowing goes to stderr.
    public static void toStderr() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.reset();
            use(context, console(context, PATTERN), Level.INFO);
            Appender<ILoggingEvent> seldom = console(context, SHORT_PATTERN);
            seldom.addFilter(new OncePerMinute());
            LOUD.forEach(name -> restrain(context.getLogger(name), seldom));
        }
    }

    private static void restrain(Logger loud, Appender<ILoggingEvent> seldom) {
        loud.setAdditive(false);
        loud.setLevel(Level.WARN);
        loud.addAppender(seldom);
    }

    /// For a farm inside a command, whose terminal belongs to the run.
    public static void toFile(Path file) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.reset();
            var appender = new FileAppender<ILoggingEvent>();
            appender.setContext(context);
            appender.setFile(file.toString());
            appender.setEncoder(encoder(context, PATTERN));
            appender.start();
            use(context, appender, Level.INFO);
        }
    }

    private static Appender<ILoggingEvent> console(LoggerContext context, String pattern) {
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, pattern));
        appender.start();
        return appender;
    }

    private static PatternLayoutEncoder encoder(LoggerContext context, String pattern) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        return encoder;
    }

    private static void use(
            LoggerContext context, Appender<ILoggingEvent> appender, Level ownLevel) {
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        context.getLogger("dev.slipway").setLevel(ownLevel);
    }
}
