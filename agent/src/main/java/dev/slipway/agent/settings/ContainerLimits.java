package dev.slipway.agent.settings;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.function.ToLongFunction;

/// What one slot's containers may use each; a workflow's `options` may ask for less.
///
/// @param nanoCpus billionths of a processor; 0 means without limit
/// @param memoryBytes 0 means without limit
/// @param pids processes and threads; 0 means without limit
public record ContainerLimits(long nanoCpus, long memoryBytes, long pids) {
    public static final ContainerLimits NONE = new ContainerLimits(0, 0, 0);

    public ContainerLimits {
        if (nanoCpus < 0 || memoryBytes < 0 || pids < 0) {
            throw new IllegalArgumentException("Limits of containers must not be negative.");
        }
    }

    /// Reads the agent's options; an empty one sets no limit.
    ///
    /// @param cpus `1.5`
    /// @param memory `512m`, `2g`
    /// @throws IllegalArgumentException naming the option that cannot be read
    public static ContainerLimits parse(String cpus, String memory, String pids) {
        return new ContainerLimits(
                number("--container-cpus", cpus, text -> nanoCpus(text)),
                number("--container-memory", memory, text -> bytes(text)),
                number("--container-pids", pids, text -> Long.parseLong(text)));
    }

    /// For people: `cpus=1.5 memory=2147483648 pids=none`.
    String describe() {
        return "cpus=%s memory=%s pids=%s"
                .formatted(
                        nanoCpus == 0
                                ? "all"
                                : BigDecimal.valueOf(nanoCpus, 9).stripTrailingZeros(),
                        memoryBytes == 0 ? "all" : memoryBytes,
                        pids == 0 ? "no limit" : pids);
    }

    private static long number(String option, String text, ToLongFunction<String> reader) {
        if (text.isBlank()) {
            return 0;
        }
        try {
            return reader.applyAsLong(text.strip());
        } catch (ArithmeticException | IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "%s '%s' cannot be read; write for example --container-cpus 1.5,"
                                    .formatted(option, text)
                            + " --container-memory 2g, --container-pids 500",
                    wrong);
        }
    }

    private static long nanoCpus(String text) {
        return new BigDecimal(text).movePointRight(9).longValueExact();
    }

    private static long bytes(String text) {
        String lower = text.toLowerCase(Locale.ROOT).replaceFirst("(i?b)$", "");
        int power = lower.isEmpty() ? -1 : "kmgt".indexOf(lower.charAt(lower.length() - 1));
        String digits = power < 0 ? lower : lower.substring(0, lower.length() - 1);
        return new BigDecimal(digits)
                .multiply(BigDecimal.valueOf(1024).pow(power + 1))
                .longValueExact();
    }
}
