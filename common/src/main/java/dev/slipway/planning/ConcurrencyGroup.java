package dev.slipway.planning;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.workflow.Coercion;

import java.util.Locale;

/// An evaluated `concurrency`: at most one holder of the group runs at a time.
///
/// @param group the name as written; {@link #key} is what is compared
/// @param cancelInProgress whether a newer one cancels the one that runs
/// @param queue how many may wait
public record ConcurrencyGroup(String group, boolean cancelInProgress, Queue queue) {

    private static final int MAX_LENGTH = 400;

    /// How many may wait behind the holder.
    public enum Queue {
        /// One: a newer one that waits cancels the older one that waits.
        SINGLE,
        /// Any number, first come first served.
        MAX;

        /// The word in the file.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Reads an evaluated `concurrency`: a name or a mapping.
    ///
    /// @throws ExpressionException when the group's name is empty or too long, or a key is wrong
    public static ConcurrencyGroup of(Value value) {
        if (!(value instanceof Value.ObjectValue object)) {
            return new ConcurrencyGroup(
                    name(Coercion.text(value, "concurrency")), false, Queue.SINGLE);
        }
        Value cancel = object.get("cancel-in-progress");
        boolean cancelInProgress =
                !(cancel instanceof Value.NullValue)
                        && Coercion.bool(cancel, "concurrency.cancel-in-progress");
        String queue = Coercion.text(object.get("queue"), "concurrency.queue");
        if (!queue.isEmpty() && !queue.equals("single") && !queue.equals("max")) {
            throw new ExpressionException(
                    "'concurrency.queue' must be 'single' or 'max', not '" + queue + "'");
        }
        return new ConcurrencyGroup(
                name(Coercion.text(object.get("group"), "concurrency.group")),
                cancelInProgress,
                queue.equals("max") ? Queue.MAX : Queue.SINGLE);
    }

    private static String name(String text) {
        if (text.isBlank()) {
            throw new ExpressionException("the concurrency group's name is empty after evaluation");
        }
        if (text.length() > MAX_LENGTH) {
            throw new ExpressionException(
                    "the concurrency group's name has "
                            + text.length()
                            + " characters; it may have at most "
                            + MAX_LENGTH);
        }
        return text;
    }

    /// The name as it is compared: ignoring case.
    public String key() {
        return group.toLowerCase(Locale.ROOT);
    }
}
