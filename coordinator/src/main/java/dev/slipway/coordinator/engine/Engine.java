package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.Command;
import dev.slipway.error.SlipwayException;

import java.util.function.Function;

/// The farm's single writer. Any thread may call it; one thread owns the state.
///
/// A turn: take what waits, per command decide then apply in memory, pair waiting jobs with free
/// slots, append once to the journal, answer, publish. An answer means that the effect is durable.
public interface Engine {
    /// Hands a command over and returns at once. When the queue is full the reply is refused with
    /// OVERLOADED on the calling thread.
    <A> void submit(Command<A> command, Reply<A> reply);

    /// Hands a command over and waits for its answer.
    ///
    /// @throws SlipwayException when it is refused, or NOT_LEADER when the engine ends meanwhile
    <A> A ask(Command<A> command) throws InterruptedException;

    /// Reads on the engine's thread, in the order of commands, and waits for the answer. What is
    /// seen is durable. The reader must be quick and must not throw.
    <T> T read(Function<EngineView, T> reader) throws InterruptedException;

    /// An agent gave a sign of life: its leases run a full term from now. Cheap; call it before a
    /// heartbeat is acknowledged.
    void heard(String agentId);

    /// Adds a listener for everything committed after the position that is returned.
    long listen(EventListener listener) throws InterruptedException;

    String farmId();

    /// The epoch of this coordinator's reign.
    long epoch();

    /// The latest durable position.
    long position();
}
