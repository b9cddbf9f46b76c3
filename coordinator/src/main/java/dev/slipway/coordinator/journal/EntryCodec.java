package dev.slipway.coordinator.journal;

import com.google.protobuf.InvalidProtocolBufferException;

import dev.slipway.coordinator.storage.Codec;

import java.io.UncheckedIOException;
import java.util.ArrayList;

/// Entries, as `slipway.journal.v1.Entry`.
public final class EntryCodec implements Codec<Entry> {
    /// Raised when an older program would misread an entry.
    static final int FORMAT = 1;

    @Override
    public byte[] encode(Entry entry) {
        var to =
                dev.slipway.journal.v1.Entry.newBuilder()
                        .setFormat(FORMAT)
                        .setPosition(entry.position())
                        .setEpoch(entry.epoch());
        entry.events().forEach(event -> to.addEvents(EventWriter.write(event)));
        return to.build().toByteArray();
    }

    /// @throws IllegalArgumentException for a format that this program does not know
    @Override
    public Entry decode(byte[] bytes) {
        try {
            var from = dev.slipway.journal.v1.Entry.parseFrom(bytes);
            if (from.getFormat() != FORMAT) {
                throw new IllegalArgumentException(
                        "entry %d has format %d, this program knows %d"
                                .formatted(from.getPosition(), from.getFormat(), FORMAT));
            }
            var events = new ArrayList<dev.slipway.coordinator.model.Event>(from.getEventsCount());
            from.getEventsList().forEach(event -> events.add(EventReader.read(event)));
            return new Entry(from.getPosition(), from.getEpoch(), events);
        } catch (InvalidProtocolBufferException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
