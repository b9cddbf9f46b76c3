package dev.slipway.agent.deployment.kubectl;

import org.jspecify.annotations.Nullable;

import java.util.SortedMap;
import java.util.TreeMap;

/// The Deployments of a namespace at one moment.
///
/// @param byName `NAMESPACE/NAME` to what it runs
public record Workloads(SortedMap<String, Workload> byName) {
    /// What {@link #parse} reads, as arguments of `kubectl get deployments`.
    static final String COLUMNS =
            "custom-columns=NS:.metadata.namespace,NAME:.metadata.name,"
                    + "REV:.metadata.annotations.deployment\\.kubernetes\\.io/revision,"
                    + "IMAGES:.spec.template.spec.containers[*].image";

    /// One Deployment.
    ///
    /// @param revision rises with every change of its pods' template; empty when not known yet
    /// @param images of its containers, separated by commas
    public record Workload(String revision, String images) {}

    public Workloads {
        byName = new TreeMap<>(byName);
    }

    /// Reads a table of {@link #COLUMNS} without its head; lines that are none are ignored.
    public static Workloads parse(String table) {
        var found = new TreeMap<String, Workload>();
        table.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(cells -> cells.length == 4)
                .forEach(
                        cells ->
                                found.put(
                                        cells[0] + "/" + cells[1],
                                        new Workload(
                                                cells[2].equals("<none>") ? "" : cells[2],
                                                cells[3])));
        return new Workloads(found);
    }

    /// What {@link #parse} reads.
    public String table() {
        var table = new StringBuilder();
        byName.forEach(
                (name, one) ->
                        table.append(name.replace('/', ' '))
                                .append(' ')
                                .append(one.revision().isEmpty() ? "<none>" : one.revision())
                                .append(' ')
                                .append(one.images())
                                .append('\n'));
        return table.toString();
    }

    /// Those that are new here, or run something else than before.
    public Workloads changedSince(Workloads before) {
        var changed = new TreeMap<>(byName);
        before.byName.forEach((name, old) -> changed.remove(name, old));
        return new Workloads(changed);
    }

    /// Those that both have.
    public Workloads of(Workloads names) {
        var kept = new TreeMap<>(byName);
        kept.keySet().retainAll(names.byName.keySet());
        return new Workloads(kept);
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /// What all of them run, each image once.
    public String images() {
        return String.join(",", byName.values().stream().map(Workload::images).distinct().toList());
    }

    /// Their names, separated by commas.
    public String names() {
        return String.join(",", byName.keySet());
    }

    /// Whether each runs the images that it ran then.
    public boolean runSameAs(Workloads then) {
        return byName.entrySet().stream()
                .allMatch(one -> sameImages(one.getValue(), then.byName.get(one.getKey())));
    }

    private static boolean sameImages(Workload now, @Nullable Workload then) {
        return then != null && then.images().equals(now.images());
    }
}
