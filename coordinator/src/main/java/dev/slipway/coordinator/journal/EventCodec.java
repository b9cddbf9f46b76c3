package dev.slipway.coordinator.journal;

import com.google.protobuf.InvalidProtocolBufferException;

import dev.slipway.coordinator.model.Event;
import dev.slipway.journal.v1.Stored;

import java.util.ArrayList;
import java.util.List;

/// How the events of one turn are written as one journal entry. What was once written is readable
/// for ever, with the same meaning: golden entries under the test resources hold this to it.
public final class EventCodec {
    /// The format that this program writes, and the highest that it reads.
    public static final int FORMAT = 1;

    private EventCodec() {}

    public static byte[] encode(List<Event> events) {
        var entry = Stored.Entry.newBuilder().setFormat(FORMAT);
        for (Event event : events) {
            entry.addEvents(EventWriter.write(event));
        }
        return entry.build().toByteArray();
    }

    /// @throws IllegalArgumentException when the entry is damaged, or was written by a newer
    ///   Slipway
    public static List<Event> decode(byte[] bytes) {
        Stored.Entry entry;
        try {
            entry = Stored.Entry.parseFrom(bytes);
        } catch (InvalidProtocolBufferException damaged) {
            throw new IllegalArgumentException(
                    "a journal entry of %d bytes is damaged".formatted(bytes.length), damaged);
        }
        if (entry.getFormat() != FORMAT) {
            throw new IllegalArgumentException(
                    ("a journal entry has format %d, but this program knows format %d only: use the"
                                    + " Slipway version that wrote it, or a newer one")
                            .formatted(entry.getFormat(), FORMAT));
        }
        var events = new ArrayList<Event>(entry.getEventsCount());
        for (Stored.Event event : entry.getEventsList()) {
            events.add(EventReader.read(event));
        }
        return events;
    }
}
