package dev.slipway.agent.actions;

import dev.slipway.agent.deployment.DeploymentLog.Needs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// What another agent would need to finish the deployment of a step: what the step was given, once
/// evaluated, since a recovery runs none of the steps that it came from; and the text of a
/// kubeconfig that an earlier step wrote, since that file is gone with its agent.
///
/// @param kind of the target
record RecoveryNeeds(ActionCall call, String kind) {
    /// Bytes of names and values together; the farm takes a little more.
    static final int MAX_SIZE = 96 << 10;

    private static final String INPUT = "kubeconfig";
    private static final String VARIABLE = "KUBECONFIG";

    /// @param names of the inputs
    /// @return empty when it is more than is kept
    Optional<Needs> of(Collection<String> names) throws IOException {
        var inputs = new TreeMap<String, String>();
        for (String name : names) {
            if (!call.input(name).isEmpty()) {
                inputs.put(name, call.input(name));
            }
        }
        var variables = new TreeMap<>(call.variables());
        String kubeconfig = kind.equals("kubernetes") ? kubeconfig(inputs, variables) : "";
        if (!kubeconfig.isEmpty()) {
            inputs.remove(INPUT);
            variables.remove(VARIABLE);
        }
        var masked = new HashSet<String>();
        int size = bytes(kubeconfig);
        for (var part : List.of(inputs, variables)) {
            for (var entry : part.entrySet()) {
                size += bytes(entry.getKey()) + bytes(entry.getValue());
                masked.addAll(call.masks().in(entry.getValue()));
            }
        }
        size += masked.stream().mapToInt(RecoveryNeeds::bytes).sum();
        return size > MAX_SIZE
                ? Optional.empty()
                : Optional.of(
                        new Needs(
                                inputs, variables, kubeconfig, masked.stream().sorted().toList()));
    }

    /// The text of the kubeconfig that the step names, unless it is the agent's own: each agent has
    /// that for itself.
    private String kubeconfig(TreeMap<String, String> inputs, TreeMap<String, String> variables)
            throws IOException {
        String name = inputs.getOrDefault(INPUT, variables.getOrDefault(VARIABLE, ""));
        if (name.isEmpty()) {
            return "";
        }
        Path file = call.workspace().resolve(name);
        return Files.isRegularFile(file) && Files.size(file) <= MAX_SIZE
                ? Files.readString(file)
                : "";
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
