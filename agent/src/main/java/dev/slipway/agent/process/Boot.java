package dev.slipway.agent.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// This boot of the machine: which one it is and how long it has lasted.
///
/// The kernel's uptime goes on while the machine is suspended and is the same for every process,
/// which {@link dev.slipway.time.Clock#uptime} does not promise. It is therefore the clock that the
/// agent and the supervisors of its processes share.
public final class Boot {
    private static final Path PROC = Path.of("/proc");

    private final String id;

    /// @param id what the kernel calls this boot; another value in tests stands for a reboot
    public Boot(String id) {
        this.id = id;
    }

    /// The running kernel's boot.
    public static Boot current() throws IOException {
        return new Boot(Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip());
    }

    public String id() {
        return id;
    }

    /// The kernel's uptime, in steps of 10 ms.
    public Duration uptime() throws IOException {
        String seconds = Files.readString(PROC.resolve("uptime")).split(" ", 2)[0];
        int point = seconds.indexOf('.');
        return Duration.ofSeconds(Long.parseLong(seconds.substring(0, point)))
                .plusMillis(10 * Long.parseLong(seconds.substring(point + 1)));
    }
}
