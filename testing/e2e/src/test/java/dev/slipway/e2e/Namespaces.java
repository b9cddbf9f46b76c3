package dev.slipway.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A network namespace for each process, joined by a bridge of their own: needs root and `ip`.
/// Addresses are 10.77.0.0/24; the tests themselves are 10.77.0.1. Nothing leaves the machine.
///
/// The bridge has a namespace, too: where Docker runs, the machine's own filter drops what a bridge
/// passes on.
final class Namespaces implements Place {
    private static final String HUB = "slw-hub";
    private static final String BRIDGE = "slw-bridge";

    /// The tests' own way to the bridge.
    private static final String OURS = "slw-ours";

    private static final String OURS_AT_HUB = "slw-o1";
    private static final int FIRST = 10;

    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    Namespaces() {
        remove();
        ip("netns", "add", HUB);
        inside(HUB, "link", "add", BRIDGE, "type", "bridge");
        inside(HUB, "link", "set", BRIDGE, "up");
        ip("link", "add", OURS, "type", "veth", "peer", "name", OURS_AT_HUB);
        plugIn(OURS_AT_HUB);
        ip("addr", "add", "10.77.0.1/24", "dev", OURS);
        ip("link", "set", OURS, "up");
    }

    private static void plugIn(String link) {
        ip("link", "set", link, "netns", HUB);
        inside(HUB, "link", "set", link, "master", BRIDGE);
        inside(HUB, "link", "set", link, "up");
    }

    @Override
    public synchronized String host(String name) {
        return "10.77.0." + numbers.computeIfAbsent(name, this::create);
    }

    private int create(String name) {
        int number = FIRST + numbers.size();
        ip("netns", "add", space(number));
        ip("link", "add", outer(number), "type", "veth", "peer", "name", inner(number));
        ip("link", "set", inner(number), "netns", space(number));
        plugIn(outer(number));
        String space = space(number);
        inside(space, "addr", "add", "10.77.0." + number + "/24", "dev", inner(number));
        inside(space, "link", "set", inner(number), "up");
        inside(space, "link", "set", "lo", "up");
        return number;
    }

    @Override
    public int port(String name) {
        return 7433;
    }

    @Override
    public List<String> prefix(String name) {
        host(name);
        return List.of("ip", "netns", "exec", space(number(name)));
    }

    @Override
    public void cut(String name) {
        inside(HUB, "link", "set", outer(number(name)), "down");
    }

    @Override
    public void mend(String name) {
        inside(HUB, "link", "set", outer(number(name)), "up");
    }

    private synchronized int number(String name) {
        return numbers.get(name);
    }

    private static String space(int number) {
        return "slw-" + number;
    }

    private static String outer(int number) {
        return "slw-o" + number;
    }

    private static String inner(int number) {
        return "slw-i" + number;
    }

    @Override
    public void close() {
        remove();
    }

    /// Also what a killed run left behind.
    private static void remove() {
        if (output("ip", "-o", "link", "show", "type", "veth").contains(OURS)) {
            ip("link", "del", OURS);
        }
        for (String line : output("ip", "netns", "list").lines().toList()) {
            String space = line.split(" ", 2)[0];
            if (space.equals(HUB) || space.matches("slw-\\d+")) {
                ip("netns", "del", space);
            }
        }
    }

    private static void inside(String space, String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "-n";
        all[1] = space;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        ip(all);
    }

    private static void ip(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "ip";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        output(all);
    }

    private static String output(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(
                        "%s failed (needs root and iproute2): %s"
                                .formatted(String.join(" ", command), out));
            }
            return out;
        } catch (IOException problem) {
            throw new AssertionError(problem);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
