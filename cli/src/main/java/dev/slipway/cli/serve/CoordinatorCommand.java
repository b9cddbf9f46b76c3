package dev.slipway.cli.serve;

import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Failures;
import dev.slipway.cli.terminal.LogSetup;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.cli.terminal.Version;
import dev.slipway.coordinator.ClusterAccess;
import dev.slipway.coordinator.Coordinator;
import dev.slipway.coordinator.NewDataException;
import dev.slipway.coordinator.ZooKeeperCluster;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.coordinator.settings.Key;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.SystemTimers;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// `slipway coordinator`. Its options are the coordinator's settings.
@Command(
        description = {
            "Every option can also be set by a variable, e.g. SLIPWAY_COORDINATOR_LEASE_TTL for"
                    + " --lease-ttl, or in a file of NAME=VALUE lines; the option wins, then the"
                    + " variable.",
            "Prints one line with its addresses when it is ready. SIGTERM ends it in order; running"
                    + " jobs go on at their agents."
        },
        footer = {
            "  slipway coordinator --data /var/lib/slipway --http 127.0.0.1:7480",
            "  slipway coordinator --data ./data --listen 127.0.0.1:0 --keep-runs 1000"
        })
public final class CoordinatorCommand extends CliCommand {
    private static final int KILLED = 137;

    private final Map<String, String> flags = new LinkedHashMap<>();

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description = "Settings as NAME=VALUE lines; # begins a comment.")
    private @Nullable Path settingsFile;

    public CoordinatorCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public void customize(CommandSpec spec) {
        for (Key key : Key.values()) {
            String standard = key.standard().isEmpty() ? "" : " Default: " + key.standard() + ".";
            spec.addOption(
                    OptionSpec.builder("--" + key.flag())
                            .type(String.class)
                            .paramLabel(key == Key.DATA ? "DIR" : "VALUE")
                            .description(key.about() + standard)
                            .setter(new FlagSetter(key.flag()))
                            .build());
        }
    }

    /// Keeps what was typed; picocli first sets every option to null.
    private final class FlagSetter implements picocli.CommandLine.Model.ISetter {
        private final String flag;

        FlagSetter(String flag) {
            this.flag = flag;
        }

        @Override
        public <T> @Nullable T set(@Nullable T value) {
            if (value != null) {
                flags.put(flag, value.toString());
            }
            return null;
        }
    }

    @Override
    public Integer call() throws IOException {
        LogSetup.toStderr();
        CoordinatorSettings settings =
                CoordinatorSettings.read(flags, terminal.environment(), file());
        Thread serving = Thread.currentThread();
        try (var timers = new SystemTimers("slipway-timers");
                var _ =
                        new StopRequests(
                                serving::interrupt, () -> Runtime.getRuntime().halt(KILLED))) {
            Throwable end = serve(settings, timers);
            while (end instanceof NewDataException) {
                end = serve(settings, timers);
            }
            terminal.message("The coordinator has stopped. Jobs that run go on at their agents.");
            return Failures.report(terminal, end);
        } catch (InterruptedException asked) {
            return 0;
        }
    }

    /// Serves until something ends it.
    private Throwable serve(CoordinatorSettings settings, SystemTimers timers)
            throws InterruptedException {
        try (Coordinator coordinator =
                Coordinator.open(
                        settings,
                        Coordinator.Ports.system(timers),
                        Version.current(),
                        cluster(settings))) {
            Coordinator.Bound bound = coordinator.start();
            terminal.print(
                    "slipway coordinator ready %s data=%s epoch=%d%s"
                            .formatted(
                                    bound,
                                    settings.data(),
                                    coordinator.epoch(),
                                    settings.cluster().isPresent() ? " cluster=yes" : ""));
            terminal.flush();
            return coordinator.awaitFailure();
        }
    }

    private static Optional<ClusterAccess> cluster(CoordinatorSettings settings) {
        return settings.cluster().map(cluster -> new ZooKeeperCluster());
    }

    private Map<String, String> file() throws IOException {
        var values = new LinkedHashMap<String, String>();
        if (settingsFile == null) {
            return values;
        }
        int number = 0;
        for (String line : Files.readAllLines(settingsFile)) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new SlipwayException(
                        ErrorCode.INVALID_ARGUMENT,
                        settingsFile + ":" + number + ": write NAME=VALUE");
            }
            values.put(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
        }
        return values;
    }
}
