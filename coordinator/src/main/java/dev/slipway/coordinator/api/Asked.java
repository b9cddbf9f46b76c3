package dev.slipway.coordinator.api;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

/// What requests of several services say alike: who asks, and for how much.
final class Asked {
    /// Who asks when nobody says who.
    static final String SOMEBODY = "api";

    private Asked() {}

    static String who(String said) {
        return said.isBlank() ? SOMEBODY : EnvironmentRequests.cut(said.strip());
    }

    /// @param usual what 0 means
    /// @throws SlipwayException INVALID_ARGUMENT when it is negative or more than `most`
    static int limit(int asked, int usual, int most) {
        if (asked < 0 || asked > most) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "limit is %d; it may be from 1 to %d".formatted(asked, most));
        }
        return asked == 0 ? usual : asked;
    }
}
