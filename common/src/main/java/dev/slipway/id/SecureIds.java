package dev.slipway.id;

import java.security.SecureRandom;
import java.util.HexFormat;

/// Ids from the machine's secure random source; safe for many threads.
public final class SecureIds implements Ids {
    private final SecureRandom random = new SecureRandom();

    @Override
    public String fresh() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
