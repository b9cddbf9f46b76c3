package dev.slipway.cli.client;

import io.grpc.Context;

import java.util.Iterator;
import java.util.function.Consumer;

/// Calls with many answers.
final class Answers {
    private Answers() {}

    /// A source of messages that is opened inside a cancellable context.
    interface Stream<T> {
        Iterator<T> open();
    }

    /// Reads a stream to its end; when the consumer throws, or the thread is interrupted, the call
    /// is cancelled so that the farm stops sending.
    static <T> void consume(Stream<T> stream, Consumer<T> consumer) {
        Context.CancellableContext context = Context.current().withCancellation();
        Context previous = context.attach();
        try {
            Iterator<T> messages = stream.open();
            while (messages.hasNext()) {
                consumer.accept(messages.next());
            }
        } finally {
            context.detach(previous);
            context.cancel(null);
        }
    }
}
