package dev.slipway.cli.client;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.util.ArrayList;
import java.util.List;

/// Where a coordinator listens.
public record ServerAddress(String host, int port) {
    /// The port that a coordinator has when none is given.
    public static final int DEFAULT_PORT = 7433;

    /// Reads `HOST[:PORT][,…]`; an IPv6 address stands in brackets when a port follows.
    ///
    /// @throws SlipwayException with INVALID_ARGUMENT when the text has another form
    public static List<ServerAddress> parseAll(String text) {
        var all = new ArrayList<ServerAddress>();
        for (String one : text.split(",")) {
            if (!one.isBlank()) {
                all.add(parse(one.strip()));
            }
        }
        if (all.isEmpty()) {
            throw wrong(text);
        }
        return all;
    }

    private static ServerAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean bareIpv6 = colon >= 0 && text.indexOf(':') != colon && !text.contains("]:");
        String host = colon < 0 || bareIpv6 ? text : text.substring(0, colon);
        host =
                host.startsWith("[") && host.endsWith("]")
                        ? host.substring(1, host.length() - 1)
                        : host;
        if (host.isEmpty() || host.contains("/") || host.contains(" ")) {
            throw wrong(text);
        }
        if (colon < 0 || bareIpv6) {
            return new ServerAddress(host, DEFAULT_PORT);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port < 1 || port > 65535) {
                throw wrong(text);
            }
            return new ServerAddress(host, port);
        } catch (NumberFormatException notANumber) {
            throw wrong(text);
        }
    }

    private static SlipwayException wrong(String text) {
        return new SlipwayException(
                ErrorCode.INVALID_ARGUMENT,
                "'"
                        + text
                        + "' is not a server address; write HOST:PORT, several with commas"
                        + " between, e.g. 127.0.0.1:7433");
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
