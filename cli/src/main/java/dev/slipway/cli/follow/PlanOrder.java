package dev.slipway.cli.follow;

import dev.slipway.cli.client.Job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Jobs in plan order, as the farm lists them: the legs of a matrix together, called jobs where
/// their call stands. A call whose jobs stand for it is left out.
///
/// The key of a leg is that of its job with `.LEG`, that of a called job begins with its call's: so
/// every job stands where the first job of each part of its key stands.
final class PlanOrder {
    private final Map<String, Integer> firsts = new HashMap<>();

    private PlanOrder() {}

    static List<Job> of(Collection<Job> jobs) {
        var order = new PlanOrder();
        for (Job job : jobs) {
            for (String part : parts(job.key())) {
                order.firsts.merge(part, job.ordinal(), Math::min);
            }
        }
        var keys = new HashMap<String, Integer>();
        jobs.forEach(job -> parts(job.key()).forEach(part -> keys.merge(part, 1, Integer::sum)));
        return jobs.stream()
                .filter(job -> keys.getOrDefault(job.key(), 0) == 1)
                .sorted(Comparator.comparing(order::place, PlanOrder::compare))
                .toList();
    }

    /// `a.b.0` gives `a`, `a.b`, `a.b.0`.
    private static List<String> parts(String key) {
        var parts = new ArrayList<String>();
        for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
            parts.add(key.substring(0, dot));
        }
        parts.add(key);
        return parts;
    }

    private List<Integer> place(Job job) {
        var place = new ArrayList<Integer>();
        for (String part : parts(job.key())) {
            place.add(firsts.getOrDefault(part, job.ordinal()));
        }
        place.add(job.ordinal());
        return place;
    }

    private static int compare(List<Integer> one, List<Integer> two) {
        for (int i = 0; i < Math.min(one.size(), two.size()); i++) {
            int order = Integer.compare(one.get(i), two.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), two.size());
    }
}
