package dev.slipway.coordinator.servers;

import dev.slipway.coordinator.settings.Address;

import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an operator says about a ZooKeeper server.
///
/// @param data directory for everything that it keeps
/// @param listen for clients; port 0 takes a free one
/// @param id this server's number among `servers`; 0 when it is alone
/// @param servers all servers of the ensemble; empty when it is alone
public record ZooKeeperSettings(
        Path data, Address listen, int id, SortedMap<Integer, Peer> servers) {
    private static final int MOST_IDS = 255;
    private static final Pattern SERVER =
            Pattern.compile("(\\d{1,3})=(\\[[0-9a-fA-F:]+\\]|[^:=]+):(\\d{1,5}):(\\d{1,5})");

    /// One server of an ensemble, as the others reach it.
    ///
    /// @param peerPort for followers
    /// @param electionPort for votes
    public record Peer(String host, int peerPort, int electionPort) {}

    public ZooKeeperSettings {
        servers = new TreeMap<>(servers);
        if (servers.isEmpty() ? id != 0 : !servers.containsKey(id)) {
            throw new IllegalArgumentException(
                    servers.isEmpty()
                            ? "id: given without servers"
                            : "id: %d is none of the servers %s".formatted(id, servers.keySet()));
        }
        if (servers.size() == 2) {
            throw new IllegalArgumentException(
                    "servers: two of them stop when either does; give one or three");
        }
    }

    /// Reads `1=HOST:PEER:ELECTION;2=…`; empty for none.
    ///
    /// @throws IllegalArgumentException when the text has another form
    public static SortedMap<Integer, Peer> parseServers(String text) {
        var servers = new TreeMap<Integer, Peer>();
        for (String part : text.split(";")) {
            if (part.isBlank()) {
                continue;
            }
            Matcher matcher = SERVER.matcher(part.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "not ID=HOST:PEERPORT:ELECTIONPORT;… near '%s'".formatted(part));
            }
            int id = Integer.parseInt(matcher.group(1));
            if (id < 1 || id > MOST_IDS) {
                throw new IllegalArgumentException(
                        "wrong: id %d is not between 1 and %d".formatted(id, MOST_IDS));
            }
            if (servers.put(id, new Peer(matcher.group(2), port(matcher, 3), port(matcher, 4)))
                    != null) {
                throw new IllegalArgumentException("wrong: id %d comes twice".formatted(id));
            }
        }
        return servers;
    }

    private static int port(Matcher matcher, int group) {
        int port = Integer.parseInt(matcher.group(group));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("wrong: %d is no port".formatted(port));
        }
        return port;
    }
}
