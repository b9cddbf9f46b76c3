package dev.slipway.cli.serve;

import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Failures;
import dev.slipway.cli.terminal.LogSetup;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.coordinator.settings.Address;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.SystemTimers;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/// One of the servers that a cluster stands on: reads its settings, starts it, says one line when
/// it is ready, and ends it in order at SIGTERM.
abstract class ServerCommand extends CliCommand {
    private static final int KILLED = 137;

    private final String name;
    private final List<String> problems = new ArrayList<>();

    /// @param name the command's, also of its variables: SLIPWAY_NAME_…
    ServerCommand(Terminal terminal, String name) {
        super(terminal);
        this.name = name;
    }

    /// A server that runs.
    interface Server extends AutoCloseable {
        /// What it is and where, for the ready line.
        String describe();

        /// Waits until it fails by itself, and gives the reason.
        String awaitFailure() throws InterruptedException;

        @Override
        void close();
    }

    /// Starts it, with settings that were read by {@link #setting}; calls {@link
    /// #requireNoProblems} before.
    abstract Server start(SystemTimers timers) throws InterruptedException;

    @Override
    public final Integer call() {
        LogSetup.toStderr();
        Thread serving = Thread.currentThread();
        try (var timers = new SystemTimers("slipway-timers");
                var _ =
                        new StopRequests(
                                serving::interrupt, () -> Runtime.getRuntime().halt(KILLED))) {
            return serve(timers);
        } catch (InterruptedException asked) {
            return 0;
        }
    }

    private int serve(SystemTimers timers) throws InterruptedException {
        Server server = start(timers);
        try {
            terminal.print("slipway %s ready %s".formatted(name, server.describe()));
            terminal.flush();
            Failures.say(terminal, "the %s has stopped: %s".formatted(name, server.awaitFailure()));
            return ErrorCode.INTERNAL.exitCode();
        } finally {
            server.close();
        }
    }

    /// Flag, else variable, else default; what is wrong with it is collected.
    ///
    /// @param standard null when it must be given
    /// @param otherwise stands for a value that is wrong, until the problems are told
    <T> T setting(
            String key,
            @Nullable String flag,
            @Nullable String standard,
            Function<String, T> parser,
            T otherwise) {
        String variable =
                "SLIPWAY_%s_%s".formatted(name, key.replace('-', '_')).toUpperCase(Locale.ROOT);
        @Nullable String text = flag != null ? flag : terminal.variable(variable).orElse(standard);
        if (text == null) {
            problems.add("--%s: must be given".formatted(key));
            return otherwise;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException wrong) {
            problems.add("--%s: '%s' is %s".formatted(key, text, wrong.getMessage()));
            return otherwise;
        }
    }

    Address listen(@Nullable String flag, String standard) {
        return setting("listen", flag, standard, Address::parse, new Address("127.0.0.1", 0));
    }

    /// @throws SlipwayException with everything that is wrong
    void requireNoProblems() {
        if (!problems.isEmpty()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The %s's settings are wrong:\n  %s"
                            .formatted(name, String.join("\n  ", problems)));
        }
    }

    /// Makes settings that check themselves.
    <T> T valid(Supplier<T> settings) {
        requireNoProblems();
        try {
            return settings.get();
        } catch (IllegalArgumentException wrong) {
            problems.add("--" + wrong.getMessage());
            requireNoProblems();
            throw wrong;
        }
    }
}
