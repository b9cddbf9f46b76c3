package dev.slipway.agent.runner;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;

/// Which actions still have a post stage, from the checkpoint's `post/PATH` records, which are in
/// the order of their registration.
final class PostStack {
    private static final String PREFIX = "post/";

    private PostStack() {}

    /// The indexes of the job's own steps, last one first.
    static List<Integer> ofJob(Checkpoint checkpoint) {
        return below(checkpoint, "main");
    }

    /// The indexes of a composite action's steps, last one first.
    static List<Integer> inner(Checkpoint checkpoint, String path) {
        return below(checkpoint, path);
    }

    private static List<Integer> below(Checkpoint checkpoint, String path) {
        var found = new LinkedHashSet<Integer>();
        String prefix = PREFIX + path + "/";
        checkpoint.forEach(
                (key, value) -> {
                    if (key.startsWith(prefix)) {
                        String rest = key.substring(prefix.length());
                        int slash = rest.indexOf('/');
                        found.add(Integer.parseInt(slash < 0 ? rest : rest.substring(0, slash)));
                    }
                });
        var reversed = new ArrayList<>(found);
        Collections.reverse(reversed);
        return reversed;
    }
}
