package dev.slipway.agent.deployment.kubernetes;

import dev.slipway.agent.deployment.Release;
import dev.slipway.agent.deployment.RolloutException;
import dev.slipway.agent.deployment.SupersededException;
import dev.slipway.agent.deployment.Target;
import dev.slipway.time.Clock;
import dev.slipway.time.Timers;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A workload of a Kubernetes cluster, whose image is set.
///
/// Annotations of the workload are the target's memory ({@link Notes}).
///
/// Every change replaces the workload as it was read, under its resourceVersion: of two writers one
/// is refused, reads again, and meets the other's number.
public final class KubernetesTarget implements Target {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final String UNREACHABLE = "the cluster does not answer";

    /// Controllers change the workload's status all the time, autoscalers its size.
    private static final int TRIES = 20;

    private final KubernetesSettings settings;
    private final Cluster cluster;
    private final Fence fence;
    private final Pods pods;
    private final Clock clock;
    private final Timers timers;
    private final Consumer<String> say;
    private boolean podsAreHidden;

    /// Nothing is asked yet.
    ///
    /// @param say hears how the rollout goes
    /// @throws IOException when the kubeconfig cannot be used
    public KubernetesTarget(
            KubernetesSettings settings, Clock clock, Timers timers, Consumer<String> say)
            throws IOException {
        this.settings = settings;
        this.cluster = Cluster.open(settings);
        this.fence = new Fence(settings.claimant(), name());
        this.pods = new Pods(cluster);
        this.clock = clock;
        this.timers = timers;
        this.say = say;
    }

    @Override
    public String kind() {
        return "kubernetes";
    }

    @Override
    public String name() {
        return cluster.namespace() + "/" + settings.workload();
    }

    @Override
    public Standing read() throws IOException {
        Map<String, String> notes = cluster.read().map(Notes::of).orElse(Map.of());
        return new Standing(Notes.number(notes, Notes.NUMBER), Notes.good(notes));
    }

    @Override
    public void claim(Release release)
            throws IOException, InterruptedException, SupersededException, RolloutException {
        change(
                release,
                workload -> {
                    fence.requireOwner(workload);
                    Optional<String> still = Progress.neverComes(settings.kind(), workload);
                    if (still.isPresent()) {
                        throw new RolloutException(name() + still.get());
                    }
                    container(workload);
                    if (!fence.claim(workload, release)) {
                        return false;
                    }
                    boolean healthy = Progress.of(settings.kind(), workload).isDone();
                    if (!Notes.of(workload).containsKey(Notes.GOOD) && healthy) {
                        noteGood(workload, new Release(0, image(workload)));
                    }
                    return true;
                });
    }

    @Override
    public void takeOver(Release release)
            throws IOException, InterruptedException, SupersededException {
        try {
            change(release, workload -> fence.takeOver(workload, release));
        } catch (RolloutException gone) {
            // What is wrong with the workload is met by whatever comes next.
            say.accept(gone.getMessage());
        }
    }

    @Override
    public void rollOut(Release release)
            throws IOException, InterruptedException, SupersededException, RolloutException {
        change(
                release,
                workload -> {
                    if (isSet(workload, release) && image(workload).equals(settings.image())) {
                        return false;
                    }
                    container(workload).put("image", settings.image());
                    Notes.put(workload, Notes.ROLLOUT, Long.toString(release.number()));
                    return true;
                });
        await(release);
    }

    @Override
    public void restore(Release failed, Release good)
            throws IOException, InterruptedException, SupersededException, RolloutException {
        change(
                failed,
                workload -> {
                    if (isSet(workload, good)) {
                        return false;
                    }
                    String template = Notes.of(workload).getOrDefault(Notes.GOOD_TEMPLATE, "");
                    if (template.isEmpty()) {
                        throw new RolloutException(
                                "the annotation %s is gone, so that nothing is known to go back to"
                                        .formatted(Notes.GOOD_TEMPLATE));
                    }
                    spec(workload)
                            .put(
                                    "template",
                                    cluster.client()
                                            .getKubernetesSerialization()
                                            .unmarshal(template, HashMap.class));
                    Notes.put(workload, Notes.ROLLOUT, Long.toString(good.number()));
                    return true;
                });
        await(failed);
    }

    private boolean isSet(GenericKubernetesResource workload, Release release) {
        return Long.toString(release.number()).equals(Notes.of(workload).get(Notes.ROLLOUT));
    }

    /// Waits until every replica runs what is set.
    private void await(Release release)
            throws IOException, InterruptedException, SupersededException, RolloutException {
        Duration end = clock.uptime().plus(settings.patience());
        String told = "";
        String toldOfPlace = "";
        while (true) {
            Optional<GenericKubernetesResource> asked = ask(told);
            boolean late = clock.uptime().compareTo(end) >= 0;
            if (asked.isEmpty()) {
                told = UNREACHABLE;
                if (late) {
                    throw new RolloutException("the cluster does not answer (rollout-timeout)");
                }
                timers.pause(LOOK);
                continue;
            }
            GenericKubernetesResource workload = asked.get();
            fence.requireNotLater(workload, release);
            Progress progress = Progress.of(settings.kind(), workload);
            if (!progress.line().equals(told)) {
                told = progress.line();
                say.accept("%s: %s".formatted(settings.workload(), told));
            }
            if (progress.isDone()) {
                return;
            }
            Optional<String> wrong = wrong(workload, progress);
            if (wrong.isPresent()) {
                throw new RolloutException(wrong.get());
            }
            Optional<String> unplaced = progress.seen() ? unplaced(workload) : Optional.empty();
            if (unplaced.isPresent() && !unplaced.get().equals(toldOfPlace)) {
                toldOfPlace = unplaced.get();
                say.accept("  " + toldOfPlace);
            }
            if (late) {
                throw new RolloutException(
                        "after %d s: %s%s (rollout-timeout)"
                                .formatted(
                                        settings.patience().toSeconds(),
                                        told,
                                        unplaced.map(why -> "; " + why).orElse("")));
            }
            timers.pause(LOOK);
        }
    }

    /// The API server may be away for a while: that is no fault of the version.
    ///
    /// @return empty when it does not answer
    private Optional<GenericKubernetesResource> ask(String told)
            throws IOException, RolloutException {
        try {
            return Optional.of(require());
        } catch (IOException problem) {
            if (Cluster.isRefusal(problem)) {
                throw problem;
            }
            if (!told.equals(UNREACHABLE)) {
                say.accept(problem.getMessage() + "; asking again");
            }
            return Optional.empty();
        }
    }

    private Optional<String> wrong(GenericKubernetesResource workload, Progress progress)
            throws RolloutException {
        Optional<Pods.Failing> failing = progress.seen() ? failing(workload) : Optional.empty();
        if (failing.isPresent()) {
            failing.get().details().forEach(line -> say.accept("  " + line));
            return Optional.of("pod '%s': %s".formatted(failing.get().name(), failing.get().why()));
        }
        return progress.seen() && !progress.failure().isEmpty()
                ? Optional.of(progress.failure())
                : Optional.empty();
    }

    private Optional<String> unplaced(GenericKubernetesResource workload) throws RolloutException {
        try {
            return podsAreHidden ? Optional.empty() : pods.unplaced(workload, image(workload));
        } catch (IOException away) {
            // Whoever looks for failing pods has said it.
            return Optional.empty();
        }
    }

    /// Who may not see pods can deploy, and waits longer for the end of what is stuck.
    private Optional<Pods.Failing> failing(GenericKubernetesResource workload)
            throws RolloutException {
        try {
            return pods.failing(workload, image(workload));
        } catch (IOException problem) {
            if (!podsAreHidden) {
                podsAreHidden = true;
                say.accept(problem.getMessage() + "; whether pods are stuck is not known");
            }
            return Optional.empty();
        }
    }

    @Override
    public boolean runs(Release release) throws IOException {
        return cluster.read().filter(workload -> isSet(workload, release)).isPresent();
    }

    @Override
    public Optional<String> problem(Release release) throws IOException {
        try {
            Optional<GenericKubernetesResource> workload = ask("");
            return workload.isEmpty()
                    ? Optional.empty()
                    : wrong(workload.get(), Progress.of(settings.kind(), workload.get()));
        } catch (RolloutException changed) {
            return Optional.of(changed.getMessage());
        }
    }

    @Override
    public void settle(Release release)
            throws IOException, InterruptedException, SupersededException {
        try {
            change(
                    release,
                    workload -> {
                        if (Notes.good(Notes.of(workload)).filter(release::equals).isPresent()) {
                            return false;
                        }
                        if (!isSet(workload, release)
                                || !image(workload).equals(settings.image())) {
                            throw new SupersededException(
                                    "somebody else has changed the image of %s to %s meanwhile"
                                            .formatted(name(), image(workload)));
                        }
                        noteGood(workload, release);
                        return true;
                    });
        } catch (RolloutException gone) {
            throw new IOException(gone.getMessage(), gone);
        }
    }

    @Override
    public List<String> hints() {
        return List.of(
                "How it is: kubectl -n %s rollout status %s"
                        .formatted(cluster.namespace(), settings.workload()));
    }

    @Override
    public void close() {
        cluster.close();
    }

    private interface Change {
        /// @return false when nothing is left to do
        boolean make(GenericKubernetesResource workload)
                throws IOException, RolloutException, SupersededException;
    }

    /// Changes the workload while no later deployment has it.
    private void change(Release release, Change change)
            throws IOException, InterruptedException, SupersededException, RolloutException {
        for (int tries = 0; tries < TRIES; tries++) {
            GenericKubernetesResource workload = require();
            fence.requireNotLater(workload, release);
            if (!change.make(workload) || cluster.replace(workload)) {
                return;
            }
            timers.pause(LOOK.dividedBy(10));
        }
        throw new RolloutException(
                "%s is changed by others faster than this deployment can".formatted(name()));
    }

    private GenericKubernetesResource require() throws IOException, RolloutException {
        return cluster.read()
                .orElseThrow(
                        () ->
                                new RolloutException(
                                        "there is no %s. Create it first (kubectl apply), with any"
                                                        .formatted(name())
                                                + " image; this action sets the image of what is"
                                                + " there"));
    }

    private void noteGood(GenericKubernetesResource workload, Release release)
            throws RolloutException {
        Notes.put(workload, Notes.GOOD, Long.toString(release.number()));
        Notes.put(workload, Notes.GOOD_VERSION, release.version());
        Notes.put(
                workload,
                Notes.GOOD_TEMPLATE,
                cluster.client()
                        .getKubernetesSerialization()
                        .asJson(spec(workload).getOrDefault("template", Map.of())));
    }

    private static Map<String, Object> spec(GenericKubernetesResource workload)
            throws RolloutException {
        Map<String, Object> spec = Progress.map(workload.get("spec"));
        if (spec.isEmpty()) {
            throw new RolloutException("the workload has no spec");
        }
        return spec;
    }

    private String image(GenericKubernetesResource workload) throws RolloutException {
        return String.valueOf(container(workload).get("image"));
    }

    /// The container whose image is set.
    private Map<String, Object> container(GenericKubernetesResource workload)
            throws RolloutException {
        Object found = workload.get("spec", "template", "spec", "containers");
        List<Map<String, Object>> containers =
                found instanceof List<?> list
                        ? list.stream().map(Progress::map).toList()
                        : List.of();
        List<String> names =
                containers.stream().map(one -> String.valueOf(one.get("name"))).toList();
        if (settings.container().isEmpty() && containers.size() == 1) {
            return containers.getFirst();
        }
        int index = names.indexOf(settings.container());
        if (index < 0) {
            throw new RolloutException(
                    (settings.container().isEmpty()
                                    ? "%s has several containers: name one of them with the input"
                                            + " 'container': %s"
                                    : "%s has no container '"
                                            + settings.container()
                                            + "'; it has %s")
                            .formatted(name(), String.join(", ", names)));
        }
        return containers.get(index);
    }
}
