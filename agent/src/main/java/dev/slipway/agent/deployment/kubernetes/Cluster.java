package dev.slipway.agent.deployment.kubernetes;

import dev.slipway.agent.deployment.kubernetes.KubernetesSettings.Access;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;

/// The workload as the API server has it. Every call has a time limit and says what went wrong in
/// words.
final class Cluster implements AutoCloseable {
    private static final int CONNECT_MS = 10_000;
    private static final int REQUEST_MS = 30_000;
    private static final int RETRIES = 3;

    private final KubernetesClient client;
    private final KubernetesSettings settings;
    private final String namespace;

    private Cluster(KubernetesClient client, KubernetesSettings settings) {
        this.client = client;
        this.settings = settings;
        String ours = Optional.ofNullable(client.getNamespace()).orElse("default");
        this.namespace = settings.namespace().isEmpty() ? ours : settings.namespace();
    }

    /// Nothing is asked yet.
    ///
    /// @throws IOException when the kubeconfig cannot be used
    static Cluster open(KubernetesSettings settings) throws IOException {
        try {
            Config config = config(settings.access());
            config.setConnectionTimeout(CONNECT_MS);
            config.setRequestTimeout(REQUEST_MS);
            config.setRequestRetryBackoffLimit(RETRIES);
            return new Cluster(new KubernetesClientBuilder().withConfig(config).build(), settings);
        } catch (RuntimeException problem) {
            throw new IOException(
                    "The kubeconfig cannot be used: " + problem.getMessage(), problem);
        }
    }

    private static Config config(Access access) throws IOException {
        Optional<File> file = kubeconfig(access);
        Config config;
        if (file.isPresent()) {
            config = Config.fromKubeconfig(file.get());
            if (!access.context().isEmpty()) {
                boolean known =
                        config.getContexts().stream()
                                .anyMatch(it -> it.getName().equals(access.context()));
                if (!known) {
                    throw new IOException(
                            "The kubeconfig %s has no context '%s'"
                                    .formatted(file.get(), access.context()));
                }
                config = Config.fromKubeconfig(access.context(), file.get());
            }
        } else if (!access.context().isEmpty()) {
            throw new IOException(
                    "There is no kubeconfig that could have the context '%s': give the input"
                                    .formatted(access.context())
                            + " kubeconfig, set KUBECONFIG, or leave kube-context out to use the"
                            + " cluster that the agent runs in");
        } else {
            config = Config.autoConfigure(null);
        }
        return config;
    }

    /// As kubectl looks for it; of several files in KUBECONFIG the first that exists.
    private static Optional<File> kubeconfig(Access access) {
        if (!access.kubeconfig().isEmpty()) {
            return Optional.of(new File(access.kubeconfig()));
        }
        String listed = access.environment().getOrDefault("KUBECONFIG", "");
        for (String one : listed.split(File.pathSeparator)) {
            if (!one.isBlank() && new File(one).isFile()) {
                return Optional.of(new File(one));
            }
        }
        File home = new File(access.environment().getOrDefault("HOME", "/root"), ".kube/config");
        return home.isFile() ? Optional.of(home) : Optional.empty();
    }

    KubernetesClient client() {
        return client;
    }

    String namespace() {
        return namespace;
    }

    /// @return empty when there is no such workload
    Optional<GenericKubernetesResource> read() throws IOException {
        return call(
                "read " + settings.workload(),
                () -> Optional.ofNullable(workloads().withName(settings.name()).get()));
    }

    private Resources workloads() {
        var context =
                new ResourceDefinitionContext.Builder()
                        .withGroup("apps")
                        .withVersion("v1")
                        .withKind(settings.kind().title())
                        .withPlural(settings.kind().plural())
                        .withNamespaced(true)
                        .build();
        return new Resources(client.genericKubernetesResources(context), namespace);
    }

    private record Resources(
            MixedOperation<
                            GenericKubernetesResource,
                            GenericKubernetesResourceList,
                            Resource<GenericKubernetesResource>>
                    all,
            String namespace) {
        Resource<GenericKubernetesResource> withName(String name) {
            return all.inNamespace(namespace).withName(name);
        }

        Resource<GenericKubernetesResource> of(GenericKubernetesResource item) {
            return all.inNamespace(namespace).resource(item);
        }
    }

    /// Replaces the workload, if it is still the one that was read: the server compares the
    /// resourceVersion.
    ///
    /// @return false when somebody else has changed it meanwhile
    boolean replace(GenericKubernetesResource changed) throws IOException {
        return call(
                "change " + settings.workload(),
                () -> {
                    try {
                        workloads().of(changed).update();
                        return true;
                    } catch (KubernetesClientException refused) {
                        if (refused.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                            return false;
                        }
                        throw refused;
                    }
                });
    }

    /// Whether asking again is of no use: the server knows who asks, and says no.
    static boolean isRefusal(IOException problem) {
        return problem.getCause() instanceof KubernetesClientException refused
                && (refused.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED
                        || refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN);
    }

    <T> T call(String what, Supplier<T> body) throws IOException {
        try {
            return body.get();
        } catch (KubernetesClientException problem) {
            String said =
                    Optional.ofNullable(problem.getStatus())
                            .map(status -> status.getMessage())
                            .or(() -> Optional.ofNullable(problem.getMessage()))
                            .orElse(problem.toString());
            throw new IOException(
                    "Kubernetes (%s, namespace '%s') cannot %s: %s"
                            .formatted(client.getMasterUrl(), namespace, what, said),
                    problem);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
