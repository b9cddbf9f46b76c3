package dev.slipway.coordinator.model;

import java.util.List;

/// The secrets of a run as the farm keeps them: names in clear, values only as ciphertext. The
/// engine never opens it; the associated data is the run's client token (known before its number).
///
/// @param names sorted
/// @param ciphertext of all values together; empty without secrets
public record SealedSecrets(List<String> names, Bytes ciphertext) {
    public static final SealedSecrets NONE = new SealedSecrets(List.of(), Bytes.EMPTY);

    public SealedSecrets {
        names = List.copyOf(names);
    }
}
