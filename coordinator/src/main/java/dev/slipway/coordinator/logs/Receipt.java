package dev.slipway.coordinator.logs;

/// The answer to one chunk.
///
/// @param nextIndex the chunk of this step that the store expects next
/// @param rawEnd all raw output below this is durable
/// @param refusal empty when the chunk is durable (now, or since an earlier sending), else why it
///   was not taken: send again from `nextIndex`
public record Receipt(StepKey step, long nextIndex, long rawEnd, String refusal) {
    public boolean refused() {
        return !refusal.isEmpty();
    }
}
