package dev.slipway.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;

import org.junit.jupiter.api.Test;

/// A library is used where its effect belongs and nowhere else, so that it can be replaced there.
class LibrariesTest {
    @Test
    void rocksDbStaysInStorage() {
        confine("org.rocksdb..", "one package knows how tables are stored", "..storage..");
    }

    @Test
    void zooKeeperAndBookKeeperStayBehindTheirPorts() {
        for (String library :
                new String[] {
                    "org.apache.bookkeeper..", "org.apache.curator..", "org.apache.zookeeper.."
                }) {
            confine(
                    library,
                    "a simulation must be able to stand in for the cluster",
                    "dev.slipway.coordinator",
                    "dev.slipway.coordinator.cluster..",
                    "dev.slipway.coordinator.journal..",
                    "dev.slipway.coordinator.servers..");
        }
    }

    @Test
    void grpcStaysAtTheEdges() {
        confine(
                "io.grpc..",
                "the core speaks its own records; the network is an edge",
                "dev.slipway.coordinator",
                "dev.slipway.coordinator.api..",
                "dev.slipway.coordinator.sessions..",
                "dev.slipway.agent",
                "dev.slipway.agent.session..",
                "dev.slipway.cli.client..",
                "dev.slipway.cli.bench..");
    }

    @Test
    void generatedMessagesStayAtTheEdges() {
        outside(
                        "dev.slipway.coordinator",
                        "dev.slipway.coordinator.api..",
                        "dev.slipway.coordinator.sessions..",
                        "dev.slipway.coordinator.journal..",
                        "dev.slipway.coordinator.storage..",
                        "dev.slipway.agent",
                        "dev.slipway.agent.session..",
                        "dev.slipway.cli.client..",
                        "dev.slipway.cli.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.slipway.api.v1..",
                        "dev.slipway.agent.v1..",
                        "dev.slipway.journal.v1..",
                        "dev.slipway.cluster.v1..",
                        "com.google.protobuf..")
                .because("a protocol may change without the core noticing")
                .allowEmptyShould(true)
                .check(ProductCode.classes());
    }

    @Test
    void nettyStaysWhereChannelsAreMade() {
        confine(
                "io.netty..",
                "gRPC and BookKeeper hide it, except where transports and bookies are chosen",
                "dev.slipway.coordinator",
                "dev.slipway.coordinator.api..",
                "dev.slipway.coordinator.journal..",
                "dev.slipway.agent",
                "dev.slipway.agent.session..",
                "dev.slipway.cli.client..",
                "dev.slipway.cli.bench..");
    }

    @Test
    void awsStaysInBlobs() {
        confine(
                "software.amazon.awssdk..",
                "one package knows where blobs are",
                "dev.slipway.coordinator.blobs..");
    }

    @Test
    void kubernetesStaysBehindItsTarget() {
        confine(
                "io.fabric8..",
                "a deployment does not know what it deploys to",
                "dev.slipway.agent.deployment.kubernetes..");
    }

    @Test
    void dockerStaysWhereContainersAreMade() {
        confine(
                "com.github.dockerjava..",
                "the rest of the agent does not know which engine there is",
                "dev.slipway.agent.docker..",
                "dev.slipway.agent.image..",
                "dev.slipway.agent.deployment..");
    }

    @Test
    void jibStaysWhereImagesAreMade() {
        confine(
                "com.google.cloud.tools..",
                "its classes are loaded by steps that make an image without an engine, only",
                "dev.slipway.agent.image..");
    }

    @Test
    void httpStaysInWeb() {
        confine("io.helidon..", "one package speaks HTTP", "dev.slipway.coordinator.web..");
    }

    @Test
    void metricsStayInTheirClasses() {
        confine(
                "io.prometheus..",
                "the core counts nothing: metrics watch its events",
                "dev.slipway.coordinator",
                "dev.slipway.coordinator.metrics..",
                "dev.slipway.coordinator.web..");
    }

    @Test
    void yamlStaysInWorkflow() {
        confine("org.snakeyaml..", "one package reads YAML", "dev.slipway.workflow..");
    }

    @Test
    void cryptographyStaysInSecrets() {
        confine(
                "com.google.crypto..",
                "one package seals and opens secrets",
                "dev.slipway.coordinator.secrets..");
    }

    @Test
    void mailStaysInNotice() {
        for (String library : new String[] {"jakarta.mail..", "org.eclipse.angus.."}) {
            confine(library, "one class hands over mails", "dev.slipway.notice..");
        }
    }

    @Test
    void picocliStaysInTheCommandLine() {
        confine("picocli..", "only the command line parses one", "dev.slipway.cli..");
    }

    private static void confine(String library, String reason, String... homes) {
        outside(homes)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .because(reason)
                .allowEmptyShould(true)
                .check(ProductCode.classes());
    }

    private static GivenClassesConjunction outside(String... homes) {
        return noClasses().that().resideOutsideOfPackages(homes);
    }
}
