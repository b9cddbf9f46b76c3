package dev.slipway.id;

/// Makes random ids. A port, so that a simulation draws them from its seed.
public interface Ids {
    /// A fresh random id of 128 bits: 32 lower-case hexadecimal digits.
    String fresh();
}
