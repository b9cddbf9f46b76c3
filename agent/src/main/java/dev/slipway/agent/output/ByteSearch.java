package dev.slipway.agent.output;

import java.util.Arrays;
import java.util.List;

/// Finds many byte patterns in one pass (Aho–Corasick), immutable. Transitions live in one open
/// hash table, since patterns are many and states have few children; where no pattern starts, a
/// filter of the next three bytes says so.
final class ByteSearch {
    private static final int ROOT = 0;

    /// `(state << 8 | byte) + 1`, 0 for a free place; beside it the next state.
    private final long[] keys;

    private final int[] targets;
    private final int mask;

    /// Per state: where to go on when no transition fits, and the length of the longest pattern
    /// that ends here (0 for none).
    private final int[] fallback;

    private final int[] found;

    /// First bytes of the patterns that are shorter than the filter looks.
    private final boolean[] startsShort = new boolean[256];

    private boolean hasShort;

    /// One bit per hash of the first three bytes of the longer patterns.
    private final long[] starts = new long[1024];

    private final int longest;
    private int states = 1;

    private ByteSearch(List<byte[]> patterns) {
        int bytes = patterns.stream().mapToInt(pattern -> pattern.length).sum();
        longest = patterns.stream().mapToInt(pattern -> pattern.length).max().orElse(0);
        int capacity = Integer.highestOneBit(Math.max(16, 2 * bytes)) * 2;
        keys = new long[capacity];
        targets = new int[capacity];
        mask = capacity - 1;
        int[] lengths = new int[bytes + 1];
        int[] parents = new int[bytes + 1];
        byte[] labels = new byte[bytes + 1];
        for (byte[] pattern : patterns) {
            insert(pattern, lengths, parents, labels);
        }
        found = Arrays.copyOf(lengths, states);
        fallback = new int[states];
        link(parents, labels);
    }

    /// @param patterns none of them empty
    static ByteSearch of(List<byte[]> patterns) {
        return new ByteSearch(patterns);
    }

    private void insert(byte[] pattern, int[] lengths, int[] parents, byte[] labels) {
        if (pattern.length < 3) {
            startsShort[pattern[0] & 0xFF] = true;
            hasShort = true;
        } else {
            int three = (pattern[0] & 0xFF) << 16 | (pattern[1] & 0xFF) << 8 | (pattern[2] & 0xFF);
            int hash = hash(three);
            starts[hash >>> 6] |= 1L << hash;
        }
        int state = ROOT;
        for (byte b : pattern) {
            int next = next(state, b);
            if (next < 0) {
                next = states++;
                put(state, b, next);
                parents[next] = state;
                labels[next] = b;
            }
            state = next;
        }
        lengths[state] = pattern.length;
    }

    /// Sets the fallbacks, states nearer to the root first.
    private void link(int[] parents, byte[] labels) {
        for (int state : inBreadth(parents)) {
            int at = parents[state];
            int target = ROOT;
            while (at != ROOT) {
                at = fallback[at];
                int next = next(at, labels[state]);
                if (next >= 0) {
                    target = next;
                    break;
                }
            }
            fallback[state] = target;
            found[state] = Math.max(found[state], found[target]);
        }
    }

    private int[] inBreadth(int[] parents) {
        int[] depth = new int[states];
        int[] ordered = new int[states - 1];
        int[] perDepth = new int[longest + 2];
        // A parent always has the lower number.
        for (int state = 1; state < states; state++) {
            depth[state] = depth[parents[state]] + 1;
            perDepth[depth[state] + 1]++;
        }
        for (int d = 1; d < perDepth.length; d++) {
            perDepth[d] += perDepth[d - 1];
        }
        for (int state = 1; state < states; state++) {
            ordered[perDepth[depth[state]]++] = state;
        }
        return ordered;
    }

    boolean isEmpty() {
        return states == 1;
    }

    int longest() {
        return longest;
    }

    /// Adds the place of every pattern in `bytes[from, to)`; of those that end at the same place
    /// only the longest, since it covers the others.
    void find(byte[] bytes, int from, int to, Spans spans) {
        if (isEmpty()) {
            return;
        }
        int state = ROOT;
        for (int i = from; i < to; i++) {
            if (state == ROOT) {
                i = nextStart(bytes, i, to);
                if (i == to) {
                    return;
                }
            }
            state = advance(state, bytes[i]);
            int length = found[state];
            if (length > 0) {
                spans.add(i + 1 - length, i + 1);
            }
        }
    }

    /// The next place where a pattern may start; `to` if there is none.
    private int nextStart(byte[] bytes, int from, int to) {
        int whole = to - 2;
        int three = from < whole ? (bytes[from] & 0xFF) << 8 | (bytes[from + 1] & 0xFF) : 0;
        for (int i = from; i < whole; i++) {
            three = (three << 8 | (bytes[i + 2] & 0xFF)) & 0xFFFFFF;
            int hash = hash(three);
            boolean mayStart = (starts[hash >>> 6] & 1L << hash) != 0;
            if (mayStart || (hasShort && startsShort[bytes[i] & 0xFF])) {
                return i;
            }
        }
        for (int i = Math.max(from, whole); i < to; i++) {
            if (startsShort[bytes[i] & 0xFF]) {
                return i;
            }
        }
        return to;
    }

    /// 16 bits of three bytes.
    private static int hash(int three) {
        return (three * 0x9E3779B1) >>> 16;
    }

    private int advance(int from, byte b) {
        int state = from;
        while (true) {
            int next = next(state, b);
            if (next >= 0) {
                return next;
            }
            if (state == ROOT) {
                return ROOT;
            }
            state = fallback[state];
        }
    }

    private int next(int state, byte b) {
        long key = ((long) state << 8 | (b & 0xFF)) + 1;
        int slot = slot(key);
        while (keys[slot] != 0) {
            if (keys[slot] == key) {
                return targets[slot];
            }
            slot = (slot + 1) & mask;
        }
        return -1;
    }

    private void put(int state, byte b, int target) {
        long key = ((long) state << 8 | (b & 0xFF)) + 1;
        int slot = slot(key);
        while (keys[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        keys[slot] = key;
        targets[slot] = target;
    }

    private int slot(long key) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & mask;
    }
}
