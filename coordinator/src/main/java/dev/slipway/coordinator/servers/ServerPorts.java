package dev.slipway.coordinator.servers;

import dev.slipway.coordinator.settings.Address;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Listening addresses, checked before a server that would say less starts.
final class ServerPorts {
    private ServerPorts() {}

    /// @param flag that gave the address, for the error's text
    /// @return the address with a port that was free a moment ago
    /// @throws SlipwayException when nobody can listen there
    static Address available(String flag, Address wanted) {
        InetSocketAddress socket = wanted.socket();
        if (socket.isUnresolved()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s: the host '%s' is not known".formatted(flag, wanted.host()));
        }
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(socket);
            return wanted.withPort(probe.getLocalPort());
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s: cannot listen on %s: %s".formatted(flag, wanted, problem.getMessage()),
                    problem);
        }
    }

    /// What others should call: this machine's name when the server listens on all interfaces.
    static String advertised(Address listen) {
        InetAddress address = listen.socket().getAddress();
        if (!address.isAnyLocalAddress()) {
            return listen.host();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException unknown) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--listen: %s does not say how others reach this machine, and it has no name;"
                                    .formatted(listen)
                            + " give the address of one interface",
                    unknown);
        }
    }
}
