package dev.slipway.agent.output;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The secrets of one attempt, which must not be seen in its logs, annotations, summaries and
/// names. Every secret is masked in all the forms of {@link SecretForms}: as it is, line by line,
/// and in usual encodings.
///
/// Safe for many threads; a secret counts from the moment that {@link #add} returns.
public final class Masks {
    /// What stands where a secret was.
    public static final String MASK = "***";

    private static final byte[] MASK_BYTES = MASK.getBytes(StandardCharsets.UTF_8);

    /// More forms than this since the last full build are merged into the large automaton.
    private static final int MERGE_AT = 512;

    private final Set<String> forms = new HashSet<>();
    private final List<byte[]> settled = new ArrayList<>();
    private final List<byte[]> fresh = new ArrayList<>();
    private volatile Matcher matcher =
            new Matcher(ByteSearch.of(List.of()), ByteSearch.of(List.of()));

    /// Both automata: the large one, and a small one that is cheap to build anew.
    private record Matcher(ByteSearch settled, ByteSearch fresh) {
        boolean isEmpty() {
            return settled.isEmpty() && fresh.isEmpty();
        }

        int longest() {
            return Math.max(settled.longest(), fresh.longest());
        }
    }

    /// Adds a secret with all its forms. A blank text is no secret.
    public synchronized void add(String secret) {
        boolean changed = false;
        for (String form : SecretForms.of(secret)) {
            if (forms.add(form)) {
                fresh.add(form.getBytes(StandardCharsets.UTF_8));
                changed = true;
            }
        }
        if (!changed) {
            return;
        }
        if (fresh.size() > MERGE_AT) {
            settled.addAll(fresh);
            fresh.clear();
            matcher = new Matcher(ByteSearch.of(settled), ByteSearch.of(fresh));
        } else {
            matcher = new Matcher(matcher.settled(), ByteSearch.of(fresh));
        }
    }

    /// Whether there is nothing to mask.
    public boolean isEmpty() {
        return matcher.isEmpty();
    }

    /// Whether a text holds a secret.
    public boolean matches(String text) {
        return !covered(text.getBytes(StandardCharsets.UTF_8)).isEmpty();
    }

    /// The secrets that a text holds, as they are in it; those that overlap as one.
    public List<String> in(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Spans spans = covered(bytes);
        spans.merge();
        var found = new ArrayList<String>();
        for (int i = 0; i < spans.size(); i++) {
            int from = spans.from(i);
            found.add(new String(bytes, from, spans.to(i) - from, StandardCharsets.UTF_8));
        }
        return found;
    }

    /// The text with every secret replaced.
    public String apply(String text) {
        if (isEmpty()) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Spans spans = covered(bytes);
        return spans.isEmpty()
                ? text
                : new String(replace(bytes, 0, bytes.length, spans), StandardCharsets.UTF_8);
    }

    /// Length in bytes of the longest form.
    int longest() {
        return matcher.longest();
    }

    private Spans covered(byte[] bytes) {
        return find(bytes, 0, bytes.length);
    }

    /// Where secrets are in `bytes[from, to)`.
    Spans find(byte[] bytes, int from, int to) {
        Matcher current = matcher;
        var spans = new Spans();
        current.settled().find(bytes, from, to, spans);
        current.fresh().find(bytes, from, to, spans);
        return spans;
    }

    /// `bytes[from, to)` with each span replaced.
    static byte[] replace(byte[] bytes, int from, int to, Spans spans) {
        spans.merge();
        var out = new java.io.ByteArrayOutputStream(to - from);
        int at = from;
        for (int i = 0; i < spans.size(); i++) {
            out.write(bytes, at, spans.from(i) - at);
            out.write(MASK_BYTES, 0, MASK_BYTES.length);
            at = spans.to(i);
        }
        out.write(bytes, at, to - at);
        return out.toByteArray();
    }
}
