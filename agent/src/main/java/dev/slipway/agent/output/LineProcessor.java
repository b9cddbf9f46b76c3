package dev.slipway.agent.output;

import dev.slipway.agent.output.MatcherConfig.Part;
import dev.slipway.expression.Value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Turns the raw output of one step into masked lines, obeying the workflow commands in it and
/// running the problem matchers over it.
///
/// It is a pure function of the bytes, of the state it starts with and of the secrets: the same
/// bytes in other portions give the same lines and commands. {@link #consumed} and {@link #state}
/// together are a checkpoint: a new processor with that state, fed from that offset on, goes on as
/// this one would have. One thread at a time.
///
/// Lines end with LF; a CR before it is dropped. A line longer than 256 KiB is given out in pieces,
/// never cut within a secret; it can hold no command. Bytes that are no UTF-8 are kept.
public final class LineProcessor {
    /// Longer lines are given out in pieces.
    public static final int MAX_LINE = 256 * 1024;

    private static final byte[] NO_BYTES = {};

    /// Hears the finished lines.
    public interface Lines {
        /// One line, `bytes[from, to)`, masked and without its end; valid during the call only.
        void line(byte[] bytes, int from, int to);
    }

    private final Masks masks;
    private final RunningMatchers matchers;
    private final Commands commands;
    private final Lines out;

    /// The start of a line whose end has not come.
    private byte[] pending = NO_BYTES;

    private int pendingLength;
    private long consumed;
    private boolean inLongLine;

    public LineProcessor(CommandSettings settings, StepContext context, Lines out) {
        masks = context.masks();
        matchers = new RunningMatchers(context.matchers());
        commands = new Commands(settings, context, this::emit);
        this.out = out;
    }

    /// Goes on from a checkpoint; to be called before the first bytes.
    ///
    /// @param state what {@link #state} gave, or null to start anew
    public void restore(long rawOffset, Value state) {
        consumed = rawOffset;
        if (state.kind() == Value.Kind.NULL) {
            return;
        }
        inLongLine = state.get("long").truthy();
        commands.restore(state.get("commands"));
        matchers.restore(state.get("matching"));
    }

    /// The state at {@link #consumed}; holds the secrets of `::add-mask::`.
    public Value state() {
        return Value.object(
                new LinkedHashMap<>(
                        Map.of(
                                "long", Value.of(inLongLine),
                                "commands", commands.toValue(),
                                "matching", matchers.toValue())));
    }

    /// Raw offset up to which all lines were given out.
    public long consumed() {
        return consumed;
    }

    /// Length of the line that waits for its end: bytes taken beyond {@link #consumed}.
    public int pendingLength() {
        return pendingLength;
    }

    /// Takes the next raw bytes.
    public void accept(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to) {
            int end = indexOfNewline(bytes, start, to);
            if (end == to) {
                keep(bytes, start, to);
                return;
            }
            if (pendingLength == 0 && end - start < MAX_LINE) {
                finishLine(bytes, start, end);
            } else {
                keep(bytes, start, end);
                finishLine(pending, 0, pendingLength);
                pendingLength = 0;
            }
            consumed++;
            start = end + 1;
        }
    }

    private static int indexOfNewline(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    /// The output has ended: what has no line end is a line as well.
    public void end() {
        if (pendingLength > 0) {
            finishLine(pending, 0, pendingLength);
            pendingLength = 0;
        }
        inLongLine = false;
    }

    /// The raw output up to `rawOffset` is lost; goes on behind it.
    public void skipTo(long rawOffset) {
        end();
        consumed = rawOffset;
    }

    /// Keeps the start of a line, giving out pieces of it when it gets too long. The places of the
    /// cuts depend on the line and the secrets only, not on the portions it came in.
    private void keep(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int room = cutAt() - pendingLength;
            int taken = Math.min(Math.max(room, 1), to - at);
            append(bytes, at, at + taken);
            at += taken;
            if (pendingLength >= cutAt()) {
                cut();
            }
        }
    }

    /// So much must be known of a line to cut it: a secret may start just before the cut, and so
    /// may a character.
    private int cutAt() {
        return MAX_LINE + Math.max(masks.longest(), 4);
    }

    private void append(byte[] bytes, int from, int to) {
        int length = pendingLength + to - from;
        if (length > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(length, 2 * pending.length));
        }
        System.arraycopy(bytes, from, pending, pendingLength, to - from);
        pendingLength = length;
    }

    /// Gives out the first 256 KiB of a long line, a bit less or more to spare characters and
    /// secrets.
    private void cut() {
        int end = MAX_LINE;
        while (end > MAX_LINE - 4 && (pending[end] & 0xC0) == 0x80) {
            end--;
        }
        Spans spans = masks.find(pending, 0, pendingLength);
        spans.merge();
        end = spans.endAround(end);
        if (!inLongLine) {
            commands.refuseLong(pending, end, consumed);
        }
        inLongLine = true;
        emit(pending, 0, end);
        consumed += end;
        System.arraycopy(pending, end, pending, 0, pendingLength - end);
        pendingLength -= end;
    }

    private void finishLine(byte[] bytes, int from, int end) {
        int to = end > from && bytes[end - 1] == '\r' ? end - 1 : end;
        boolean isWhole = !inLongLine;
        inLongLine = false;
        boolean isRest = !isWhole && from == to;
        if (!isRest && !(isWhole && interpret(bytes, from, to))) {
            emit(bytes, from, to);
        }
        consumed += end - from;
    }

    /// Whether the line was a command, or a problem that shows as such.
    private boolean interpret(byte[] bytes, int from, int to) {
        boolean maybeCommand = isCommandLike(bytes, from, to);
        if (!maybeCommand && matchers.isEmpty()) {
            return false;
        }
        String line = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (maybeCommand && commands.obey(line, consumed)) {
            return true;
        }
        return !matchers.isEmpty() && match(RunningMatchers.withoutColours(line));
    }

    /// `::` at the start, or `##[` anywhere.
    private static boolean isCommandLike(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        if (at + 3 < to && bytes[at] == ':' && bytes[at + 1] == ':') {
            return true;
        }
        for (int i = at; i + 2 < to; i++) {
            if (bytes[i] == '#' && bytes[i + 1] == '#' && bytes[i + 2] == '[') {
                return true;
            }
        }
        return false;
    }

    private boolean match(String line) {
        Optional<RunningMatchers.Found> found =
                matchers.match(line, (owner, why) -> commands.matcherRemoved(owner, why, consumed));
        return found.isPresent()
                && !found.get().part(Part.MESSAGE).isBlank()
                && commands.problem(found.get(), line, consumed);
    }

    private void emit(String text) {
        for (String line : text.split("\r\n|\n|\r", -1)) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            emit(bytes, 0, bytes.length);
        }
    }

    private void emit(byte[] bytes, int from, int to) {
        Spans spans = masks.find(bytes, from, to);
        if (spans.isEmpty()) {
            out.line(bytes, from, to);
        } else {
            byte[] masked = Masks.replace(bytes, from, to, spans);
            out.line(masked, 0, masked.length);
        }
    }
}
