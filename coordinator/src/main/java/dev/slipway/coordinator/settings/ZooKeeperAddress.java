package dev.slipway.coordinator.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Where a cluster's ZooKeeper is: `HOST:PORT,…[/CHROOT]`. Everything that the cluster keeps there
/// is below the chroot.
///
/// @param servers at least one
/// @param chroot a path like `/slipway`; empty for the root
public record ZooKeeperAddress(List<Address> servers, String chroot) {
    private static final int DEFAULT_PORT = 2181;

    public ZooKeeperAddress {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("not HOST:PORT,…[/CHROOT]");
        }
    }

    /// @throws IllegalArgumentException when the text has another form
    public static ZooKeeperAddress parse(String text) {
        int slash = text.indexOf('/');
        String hosts = slash < 0 ? text : text.substring(0, slash);
        String chroot = slash < 0 ? "" : text.substring(slash);
        if (chroot.equals("/")) {
            chroot = "";
        }
        if (!chroot.matches("(/[A-Za-z0-9._-]+)*")) {
            throw new IllegalArgumentException(
                    "no ZooKeeper address: after the servers comes a path like /slipway");
        }
        var servers = new ArrayList<Address>();
        for (String host : hosts.split(",", -1)) {
            boolean hasPort = host.lastIndexOf(':') > host.lastIndexOf(']');
            Address server = Address.parse(hasPort ? host : host + ":" + DEFAULT_PORT);
            if (server.port() == 0) {
                throw new IllegalArgumentException("no ZooKeeper address: port 0 cannot be called");
            }
            servers.add(server);
        }
        return new ZooKeeperAddress(servers, chroot);
    }

    /// The servers alone: `HOST:PORT,…`.
    public String hosts() {
        return servers.stream().map(Address::toString).collect(Collectors.joining(","));
    }

    /// Where BookKeeper keeps its metadata, as it wants it said.
    public String ledgersUri() {
        return "zk+hierarchical://%s%s/ledgers".formatted(hosts().replace(',', ';'), chroot);
    }

    @Override
    public String toString() {
        return hosts() + chroot;
    }
}
