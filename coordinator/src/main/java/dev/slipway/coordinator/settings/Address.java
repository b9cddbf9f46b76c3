package dev.slipway.coordinator.settings;

import java.net.InetSocketAddress;

/// Where a server listens: `HOST:PORT`, `[IPv6]:PORT`; port 0 means any free one.
public record Address(String host, int port) {
    public Address {
        if (host.isEmpty() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException("not HOST:PORT");
        }
    }

    /// @throws IllegalArgumentException when the text has another form
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("not HOST:PORT");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            throw new IllegalArgumentException("an IPv6 address needs brackets: [::1]:7433");
        }
        try {
            return new Address(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException("not HOST:PORT", wrong);
        }
    }

    /// Resolves the host's name.
    public InetSocketAddress socket() {
        return new InetSocketAddress(host, port);
    }

    public Address withPort(int actual) {
        return new Address(host, actual);
    }

    @Override
    public String toString() {
        return host.contains(":") ? "[%s]:%d".formatted(host, port) : host + ":" + port;
    }
}
