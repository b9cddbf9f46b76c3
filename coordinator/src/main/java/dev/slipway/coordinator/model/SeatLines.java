package dev.slipway.coordinator.model;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Who holds and who waits for each concurrency group. Derived from the seats of runs and jobs.
final class SeatLines {
    private final Map<String, Line> lines = new TreeMap<>();

    /// An occupant's seat changed.
    void change(String project, Occupant who, @Nullable Seat before, @Nullable Seat after) {
        if (before != null) {
            String key = key(project, before.concurrency().group());
            Line line = lines.get(key);
            if (line != null && line.remove(who, before)) {
                lines.remove(key);
            }
        }
        if (after != null) {
            lines.computeIfAbsent(key(project, after.concurrency().group()), group -> new Line())
                    .add(who, after);
        }
    }

    Optional<Occupant> holder(String project, String group) {
        Line line = lines.get(key(project, group));
        return line == null ? Optional.empty() : Optional.ofNullable(line.holder);
    }

    List<Occupant> waiters(String project, String group) {
        Line line = lines.get(key(project, group));
        return line == null ? List.of() : List.copyOf(line.waiting.values());
    }

    private static String key(String project, String group) {
        return project + "\n" + group.toLowerCase(Locale.ROOT);
    }

    private static final class Line {
        private @Nullable Occupant holder;
        private final TreeMap<Long, Occupant> waiting = new TreeMap<>();

        void add(Occupant who, Seat seat) {
            if (!seat.held()) {
                waiting.put(seat.ticket(), who);
            } else if (holder == null) {
                holder = who;
            } else {
                throw new IllegalStateException(
                        "%s and %s both hold the concurrency group '%s'"
                                .formatted(holder, who, seat.concurrency().group()));
            }
        }

        /// @return whether nobody is left
        boolean remove(Occupant who, Seat seat) {
            if (seat.held()) {
                holder = who.equals(holder) ? null : holder;
            } else {
                waiting.remove(seat.ticket(), who);
            }
            return holder == null && waiting.isEmpty();
        }
    }
}
