package dev.slipway.agent.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ulimit;

import dev.slipway.agent.settings.ContainerLimits;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// The `options` of a job's container or service: flags of `docker create`, parsed here because the
/// engine's API has no such text. A flag that is not understood is refused, never ignored.
public final class ContainerOptions {
    /// What a flag with a value does.
    private static final Map<String, BiConsumer<ContainerOptions, String>> FLAGS = flags();

    private static final Map<String, String> SHORT =
            Map.of(
                    "-e", "--env",
                    "-v", "--volume",
                    "-p", "--publish",
                    "-u", "--user",
                    "-w", "--workdir",
                    "-h", "--hostname",
                    "-m", "--memory",
                    "-l", "--label",
                    "-c", "--cpu-shares");

    private final HostConfig host = HostConfig.newHostConfig();
    private final List<BiConsumer<CreateContainerCmd, HostConfig>> settings = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();
    private final List<Capability> added = new ArrayList<>();
    private final List<Capability> dropped = new ArrayList<>();
    private final List<String> security = new ArrayList<>();
    private final List<Ulimit> ulimits = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();
    private final List<String> dns = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();
    private final Map<String, String> tmpfs = new HashMap<>();
    private final Map<String, String> sysctls = new HashMap<>();
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<String, String> labels = new TreeMap<>();
    private final List<String> binds = new ArrayList<>();
    private final List<String> ports = new ArrayList<>();
    private final List<String> aliases = new ArrayList<>();
    private @Nullable HealthCheck health;
    private @Nullable List<String> entrypoint;

    private ContainerOptions() {}

    /// @throws IllegalArgumentException naming the flag that is unknown or has a bad value
    public static ContainerOptions parse(String text) {
        var options = new ContainerOptions();
        Iterator<String> words = Words.of(text).iterator();
        while (words.hasNext()) {
            options.flag(words.next(), words);
        }
        return options;
    }

    public static ContainerOptions none() {
        return new ContainerOptions();
    }

    private void flag(String word, Iterator<String> rest) {
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        String name = equals < 0 ? word : word.substring(0, equals);
        String value = equals < 0 ? null : word.substring(equals + 1);
        if (name.startsWith("-") && !name.startsWith("--") && name.length() > 2) {
            value = name.substring(2);
            name = name.substring(0, 2);
        }
        name = SHORT.getOrDefault(name, name);
        if (toggle(name, value)) {
            return;
        }
        BiConsumer<ContainerOptions, String> meaning = FLAGS.get(name);
        if (meaning == null) {
            throw new IllegalArgumentException(
                    ("the option '%s' is not one that Slipway knows; it knows --init, --privileged,"
                                    + " --read-only, --no-healthcheck and %s")
                            .formatted(name, String.join(", ", new TreeMap<>(FLAGS).keySet())));
        }
        if (value == null) {
            if (!rest.hasNext()) {
                throw new IllegalArgumentException(
                        "the option '%s' lacks its value".formatted(name));
            }
            value = rest.next();
        }
        try {
            meaning.accept(this, value);
        } catch (RuntimeException bad) {
            throw new IllegalArgumentException(
                    "the option '%s %s' cannot be read: %s"
                            .formatted(name, value, bad.getMessage()),
                    bad);
        }
    }

    /// Flags that need no value.
    private boolean toggle(String name, @Nullable String value) {
        boolean on = value == null || Boolean.parseBoolean(value);
        switch (name) {
            case "--init" -> host.withInit(on);
            case "--privileged" -> host.withPrivileged(on);
            case "--read-only" -> host.withReadonlyRootfs(on);
            case "--no-healthcheck" -> health().withTest(List.of("NONE"));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Map<String, BiConsumer<ContainerOptions, String>> flags() {
        var flags = new HashMap<String, BiConsumer<ContainerOptions, String>>();
        flags.put("--health-cmd", (o, v) -> o.health().withTest(List.of("CMD-SHELL", v)));
        flags.put("--health-interval", (o, v) -> o.health().withInterval(Quantities.nanos(v)));
        flags.put("--health-timeout", (o, v) -> o.health().withTimeout(Quantities.nanos(v)));
        flags.put(
                "--health-start-period", (o, v) -> o.health().withStartPeriod(Quantities.nanos(v)));
        flags.put("--health-retries", (o, v) -> o.health().withRetries(Integer.parseInt(v)));
        flags.put("--cpus", (o, v) -> o.host.withNanoCPUs(Quantities.nanoCpus(v)));
        flags.put("--cpu-shares", (o, v) -> o.host.withCpuShares(Integer.parseInt(v)));
        flags.put("--cpuset-cpus", (o, v) -> o.host.withCpusetCpus(v));
        flags.put("--memory", (o, v) -> o.host.withMemory(Quantities.bytes(v)));
        flags.put("--memory-swap", (o, v) -> o.host.withMemorySwap(Quantities.bytes(v)));
        flags.put(
                "--memory-reservation",
                (o, v) -> o.host.withMemoryReservation(Quantities.bytes(v)));
        flags.put("--shm-size", (o, v) -> o.host.withShmSize(Quantities.bytes(v)));
        flags.put("--pids-limit", (o, v) -> o.host.withPidsLimit(Long.parseLong(v)));
        flags.put("--ipc", (o, v) -> o.host.withIpcMode(v));
        flags.put("--pid", (o, v) -> o.host.withPidMode(v));
        flags.put("--userns", (o, v) -> o.host.withUsernsMode(v));
        flags.put("--runtime", (o, v) -> o.host.withRuntime(v));
        flags.put("--cap-add", (o, v) -> o.added.add(capability(v)));
        flags.put("--cap-drop", (o, v) -> o.dropped.add(capability(v)));
        flags.put("--security-opt", (o, v) -> o.security.add(v));
        flags.put("--ulimit", (o, v) -> o.ulimits.add(Quantities.ulimit(v)));
        flags.put("--device", (o, v) -> o.devices.add(Device.parse(v)));
        flags.put("--add-host", (o, v) -> o.hosts.add(v));
        flags.put("--dns", (o, v) -> o.dns.add(v));
        flags.put("--group-add", (o, v) -> o.groups.add(v));
        flags.put("--tmpfs", (o, v) -> pair(o.tmpfs, v, ':'));
        flags.put("--sysctl", (o, v) -> pair(o.sysctls, v, '='));
        flags.put("--env", (o, v) -> pair(o.environment, v, '='));
        flags.put("--label", (o, v) -> pair(o.labels, v, '='));
        flags.put("--volume", (o, v) -> o.binds.add(v));
        flags.put("--publish", (o, v) -> o.ports.add(v));
        flags.put("--network-alias", (o, v) -> o.aliases.add(v));
        flags.put("--entrypoint", (o, v) -> o.entrypoint = v.isEmpty() ? List.of() : List.of(v));
        flags.put("--user", (o, v) -> o.settings.add((create, _) -> create.withUser(v)));
        flags.put("--workdir", (o, v) -> o.settings.add((create, _) -> create.withWorkingDir(v)));
        flags.put("--hostname", (o, v) -> o.settings.add((create, _) -> create.withHostName(v)));
        flags.put("--platform", (o, v) -> o.settings.add((create, _) -> create.withPlatform(v)));
        flags.put(
                "--stop-signal", (o, v) -> o.settings.add((create, _) -> create.withStopSignal(v)));
        return Map.copyOf(flags);
    }

    private static Capability capability(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return Capability.valueOf(upper.startsWith("CAP_") ? upper.substring(4) : upper);
    }

    private static void pair(Map<String, String> into, String text, char between) {
        int at = text.indexOf(between);
        into.put(at < 0 ? text : text.substring(0, at), at < 0 ? "" : text.substring(at + 1));
    }

    private HealthCheck health() {
        HealthCheck known = health;
        if (known == null) {
            known = new HealthCheck();
            health = known;
        }
        return known;
    }

    Map<String, String> environment() {
        return environment;
    }

    Map<String, String> labels() {
        return labels;
    }

    List<String> binds() {
        return binds;
    }

    List<String> ports() {
        return ports;
    }

    List<String> aliases() {
        return aliases;
    }

    /// Applies what the text set, over what `limits` has set.
    HostConfig apply(CreateContainerCmd create, ContainerLimits limits) {
        limit(limits);
        if (health != null) {
            create.withHealthcheck(health);
        }
        if (entrypoint != null) {
            create.withEntrypoint(entrypoint);
        }
        settings.forEach(setting -> setting.accept(create, host));
        set(hosts, list -> host.withExtraHosts(list.toArray(String[]::new)));
        set(added, list -> host.withCapAdd(list.toArray(Capability[]::new)));
        set(dropped, list -> host.withCapDrop(list.toArray(Capability[]::new)));
        set(security, host::withSecurityOpts);
        set(ulimits, host::withUlimits);
        set(devices, host::withDevices);
        set(dns, host::withDns);
        set(groups, host::withGroupAdd);
        if (!tmpfs.isEmpty()) {
            host.withTmpFs(tmpfs);
        }
        if (!sysctls.isEmpty()) {
            host.withSysctls(sysctls);
        }
        return host;
    }

    /// The lower of what is asked for and what is allowed.
    private void limit(ContainerLimits limits) {
        if (limits.nanoCpus() > 0) {
            host.withNanoCPUs(least(host.getNanoCPUs(), limits.nanoCpus()));
        }
        if (limits.memoryBytes() > 0) {
            long memory = least(host.getMemory(), limits.memoryBytes());
            host.withMemory(memory);
            // Without this, as much again may be swapped.
            host.withMemorySwap(memory);
        }
        if (limits.pids() > 0) {
            host.withPidsLimit(least(host.getPidsLimit(), limits.pids()));
        }
    }

    private static long least(@Nullable Long asked, long allowed) {
        return asked == null || asked <= 0 ? allowed : Math.min(asked, allowed);
    }

    private static <T> void set(List<T> values, java.util.function.Consumer<List<T>> setter) {
        if (!values.isEmpty()) {
            setter.accept(values);
        }
    }
}
