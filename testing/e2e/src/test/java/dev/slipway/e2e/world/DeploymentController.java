package dev.slipway.e2e.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A cluster with one deployment, `app`, whose pods always become ready, a moment after each change
/// of their template. It keeps revisions and replica sets as the real controller does.
public final class DeploymentController implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final int REPLICAS = 2;
    private static final long ROLLOUT_MILLIS = 300;

    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, ObjectNode> sets = new LinkedHashMap<>();
    private final List<Consumer<ObjectNode>> listeners = new ArrayList<>();
    private final List<String> images = new ArrayList<>();
    private final ObjectNode deployment;
    private long resourceVersion = 1;
    private long revision;

    /// @param image what runs in the beginning
    public DeploymentController(String image) {
        deployment =
                (ObjectNode)
                        KubernetesApi.parse(
                                """
                                {"apiVersion":"apps/v1","kind":"Deployment",
                                 "metadata":{"name":"app","namespace":"default","uid":"d-1",
                                   "generation":1,"labels":{"app":"app"},"annotations":{}},
                                 "spec":{"replicas":%d,"revisionHistoryLimit":10,
                                   "selector":{"matchLabels":{"app":"app"}},
                                   "template":{"metadata":{"labels":{"app":"app"}},
                                     "spec":{"containers":[{"name":"app","image":"%s"}]}}},
                                 "status":{}}
                                """
                                        .formatted(REPLICAS, image));
        roll();
        complete();
    }

    /// The image that the deployment asks for now.
    public synchronized String image() {
        return deployment.at("/spec/template/spec/containers/0/image").asText();
    }

    /// All that it ever asked for, in order.
    public synchronized List<String> images() {
        return List.copyOf(images);
    }

    synchronized ObjectNode deployment(String name) {
        return name.equals("app") ? deployment.deepCopy() : null;
    }

    synchronized ObjectNode deployments(String name) {
        ObjectNode list = list("DeploymentList");
        if (name.isEmpty() || name.equals("app")) {
            ((ArrayNode) list.get("items")).add(deployment.deepCopy());
        }
        return list;
    }

    synchronized ObjectNode replicaSets() {
        ObjectNode list = list("ReplicaSetList");
        sets.values().forEach(set -> ((ArrayNode) list.get("items")).add(set.deepCopy()));
        return list;
    }

    private ObjectNode list(String kind) {
        ObjectNode list = JSON.createObjectNode().put("kind", kind).put("apiVersion", "apps/v1");
        list.putObject("metadata").put("resourceVersion", "" + resourceVersion);
        list.putArray("items");
        return list;
    }

    /// @return what it is now; null when there is none of that name
    synchronized ObjectNode patch(String name, String type, JsonNode patch) {
        if (!name.equals("app")) {
            return null;
        }
        change(
                () -> {
                    if (type.startsWith("application/json-patch")) {
                        patch.forEach(one -> put(one.get("path").asText(), one.get("value")));
                    } else {
                        merge(deployment, patch);
                    }
                });
        return deployment.deepCopy();
    }

    /// @return false when it is not any more what its writer has read
    synchronized boolean replace(String name, ObjectNode wanted) {
        if (!name.equals("app")
                || !wanted.at("/metadata/resourceVersion")
                        .equals(metadata().get("resourceVersion"))) {
            return false;
        }
        change(
                () -> {
                    metadata().set("annotations", wanted.at("/metadata/annotations"));
                    deployment.set("spec", wanted.get("spec"));
                });
        return true;
    }

    private void change(Runnable edit) {
        JsonNode before = deployment.at("/spec/template").deepCopy();
        edit.run();
        if (!deployment.at("/spec/template").equals(before)) {
            metadata().put("generation", metadata().get("generation").asLong() + 1);
            roll();
            later.schedule(this::complete, ROLLOUT_MILLIS, TimeUnit.MILLISECONDS);
        }
        changed();
    }

    private ObjectNode metadata() {
        return (ObjectNode) deployment.get("metadata");
    }

    private void put(String path, JsonNode value) {
        int slash = path.lastIndexOf('/');
        ((ObjectNode) deployment.at(path.substring(0, slash)))
                .set(path.substring(slash + 1), value);
    }

    /// A strategic merge: objects by key, containers by name, all else replaced.
    private static void merge(ObjectNode into, JsonNode patch) {
        patch.properties()
                .forEach(
                        field -> {
                            String name = field.getKey();
                            JsonNode value = field.getValue();
                            JsonNode old = into.get(name);
                            if (name.startsWith("$")) {
                                return;
                            }
                            if (value.isNull()) {
                                into.remove(name);
                            } else if (value.isObject() && old instanceof ObjectNode object) {
                                merge(object, value);
                            } else if (name.equals("containers") && old instanceof ArrayNode all) {
                                value.forEach(one -> mergeNamed(all, one));
                            } else {
                                into.set(name, value);
                            }
                        });
    }

    private static void mergeNamed(ArrayNode all, JsonNode one) {
        for (JsonNode old : all) {
            if (old.get("name").equals(one.get("name"))) {
                merge((ObjectNode) old, one);
                return;
            }
        }
        all.add(one);
    }

    /// The template has a replica set, with the newest revision.
    private void roll() {
        revision++;
        images.add(image());
        String template = deployment.at("/spec/template").toString();
        String hash = Integer.toHexString(template.hashCode());
        ObjectNode set = sets.computeIfAbsent(template, _ -> replicaSet(hash));
        ((ObjectNode) set.at("/metadata/annotations")).put(REVISION, "" + revision);
        ((ObjectNode) metadata().get("annotations")).put(REVISION, "" + revision);
        status(0, metadata().get("generation").asLong());
    }

    private ObjectNode replicaSet(String hash) {
        var set =
                (ObjectNode)
                        KubernetesApi.parse(
                                """
                                {"apiVersion":"apps/v1","kind":"ReplicaSet",
                                 "metadata":{"name":"app-%1$s","namespace":"default","uid":"r-%1$s",
                                   "labels":{"app":"app","pod-template-hash":"%1$s"},
                                   "annotations":{},
                                   "ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment",
                                     "name":"app","uid":"d-1","controller":true}]},
                                 "spec":{"replicas":%2$d,
                                   "selector":{"matchLabels":{"app":"app"}}}}
                                """
                                        .formatted(hash, REPLICAS));
        var template = (ObjectNode) deployment.at("/spec/template").deepCopy();
        ((ObjectNode) template.at("/metadata/labels")).put("pod-template-hash", hash);
        ((ObjectNode) set.get("spec")).set("template", template);
        return set;
    }

    private synchronized void complete() {
        status(REPLICAS, metadata().get("generation").asLong());
        changed();
    }

    private void status(int updated, long generation) {
        ObjectNode status = (ObjectNode) deployment.get("status");
        status.put("observedGeneration", generation);
        status.put("replicas", REPLICAS).put("readyReplicas", REPLICAS);
        status.put("availableReplicas", REPLICAS).put("updatedReplicas", updated);
    }

    private void changed() {
        resourceVersion++;
        metadata().put("resourceVersion", "" + resourceVersion);
        List.copyOf(listeners).forEach(listener -> listener.accept(deployment.deepCopy()));
    }

    /// Hears what it is now, and every change.
    synchronized Listening listen(String name, Consumer<ObjectNode> listener) {
        if (name.isEmpty() || name.equals("app")) {
            listeners.add(listener);
            listener.accept(deployment.deepCopy());
        }
        return () -> forget(listener);
    }

    private synchronized void forget(Consumer<ObjectNode> listener) {
        listeners.remove(listener);
    }

    @Override
    public void close() {
        later.shutdownNow();
    }

    /// Closes without an exception.
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }
}
