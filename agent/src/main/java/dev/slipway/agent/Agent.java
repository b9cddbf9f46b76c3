package dev.slipway.agent;

import dev.slipway.agent.docker.Containers;
import dev.slipway.agent.docker.DockerEngine;
import dev.slipway.agent.docker.DockerException;
import dev.slipway.agent.docker.Execs;
import dev.slipway.agent.docker.Images;
import dev.slipway.agent.docker.PulledImages;
import dev.slipway.agent.executor.ContainerExecutor;
import dev.slipway.agent.executor.Executor;
import dev.slipway.agent.executor.HostExecutor;
import dev.slipway.agent.runner.LocalAttempts;
import dev.slipway.agent.runner.Machine;
import dev.slipway.agent.session.ConnectionGate;
import dev.slipway.agent.session.CoordinatorLink;
import dev.slipway.agent.session.FarmClient;
import dev.slipway.agent.session.GrpcLink;
import dev.slipway.agent.session.Identity;
import dev.slipway.agent.session.IdentityFiles;
import dev.slipway.agent.session.LogSender;
import dev.slipway.agent.session.Offer;
import dev.slipway.agent.session.Session;
import dev.slipway.agent.settings.AgentSettings;
import dev.slipway.agent.settings.Jdks;
import dev.slipway.agent.workspace.DiskBudget;
import dev.slipway.agent.workspace.Idle;
import dev.slipway.agent.workspace.WarmFolders;
import dev.slipway.error.ErrorCode;
import dev.slipway.id.Ids;
import dev.slipway.id.SecureIds;
import dev.slipway.time.Clock;
import dev.slipway.time.SystemClock;
import dev.slipway.time.SystemThreads;
import dev.slipway.time.SystemTimers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// One agent, running: everything is made here, top to bottom, and closed in reverse.
///
/// It can live in a process of its own or inside of the CLI's. {@link #close} leaves running steps
/// alone: the next agent on the same work directory goes on with them.
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);
    private static final Duration CLEAN_EVERY = Duration.ofHours(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final String LOCK = "agent.lock";

    private final AgentSettings settings;
    private final FileChannel lockFile;
    private final Object lockKey;
    private final SystemTimers timers;
    private final SystemThreads threads;
    private final HostExecutor executor;
    private final Optional<Machine.Docker> docker;
    private final LocalAttempts attempts;
    private final LogSender logs;
    private final Session session;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean draining;
    private volatile Optional<ErrorCode> failure = Optional.empty();

    private Agent(AgentSettings settings, CoordinatorLink link, String version) throws IOException {
        this.settings = settings;
        Path work = Files.createDirectories(settings.work()).toRealPath();
        lockFile = lock(work);
        lockKey = fileKey(work);
        var clock = new SystemClock();
        threads = new SystemThreads();
        var ids = new SecureIds();
        timers = new SystemTimers("agent-timers");
        executor =
                HostExecutor.open(
                        work.resolve("supervisor"), settings.environment(), clock, timers, threads);
        var files = new IdentityFiles(work);
        var identity = identity(files, settings.name(), ids, version);
        var gate = new ConnectionGate();
        logs = new LogSender(identity.agentId(), gate, threads, timers);
        docker =
                DockerEngine.find(settings.environment(), timers, threads)
                        .map(engine -> docker(engine, settings, work, clock));
        Path attemptsFolder = work.resolve("attempts");
        WarmFolders folders = warmFolders(work, attemptsFolder, clock, ids);
        var workspaces = new ProjectFolders(folders);
        Machine machine = machine(clock, ids);
        attempts =
                new LocalAttempts(
                        attemptsFolder,
                        machine,
                        new FarmClient(identity.agentId(), gate, timers),
                        workspaces,
                        logs);
        session =
                new Session(
                        new Session.Parts(
                                identity,
                                offer(settings, folders, docker),
                                settings.coordinators(),
                                link,
                                files,
                                attempts,
                                gate,
                                clock,
                                timers,
                                ids,
                                this::refusedByFarm));
        docker.ifPresent(it -> threads.start("sweep-containers", () -> sweepContainers(it)));
        session.start(threads);
        cleanRegularly(folders);
        watchWork(work);
        attempts.onChange(this::endIfDrained);
    }

    private WarmFolders warmFolders(Path work, Path attempts, Clock clock, Ids ids)
            throws IOException {
        return new WarmFolders(
                work,
                attempt -> Files.isDirectory(attempts.resolve(folderName(attempt))),
                new WarmFolders.Limits(
                        new DiskBudget(
                                DiskBudget.IDLE_FOR, settings.diskBudget(), settings.diskReserve()),
                        this::idleImages),
                clock,
                threads,
                ids);
    }

    /// An engine that does not answer has nothing to remove at the moment.
    private List<Idle> idleImages() throws IOException {
        if (docker.isEmpty()) {
            return List.of();
        }
        try {
            return docker.get().pulled().idle();
        } catch (DockerException problem) {
            LOG.warn("Pulled images cannot be looked at. why={}", problem.getMessage());
            return List.of();
        }
    }

    private Machine machine(Clock clock, Ids ids) throws IOException {
        Executor inContainers =
                docker.<Executor>map(it -> new ContainerExecutor(executor, it.containers()))
                        .orElse(executor);
        return new Machine(
                inContainers,
                clock,
                timers,
                threads,
                ids,
                stepEnvironment(settings.environment()),
                new Machine.Description(settings.name(), "Linux", arch()),
                docker);
    }

    private static Machine.Docker docker(
            DockerEngine engine, AgentSettings settings, Path work, Clock clock) {
        LOG.info("Docker engine. host={} version={}", engine.host(), engine.version());
        var images = new Images(engine, settings.environment());
        return new Machine.Docker(
                new Containers(engine, settings.containerLimits()),
                new Execs(engine),
                images,
                new PulledImages(engine, images, work.resolve("_images"), clock),
                work.resolve("supervisor"),
                work);
    }

    /// Removes the containers of attempts that are gone: an agent that died may have left some.
    private void sweepContainers(Machine.Docker docker) {
        Containers containers = docker.containers();
        try {
            String mine = Machine.Docker.WORK_LABEL + "=" + docker.work();
            for (String job : containers.labelled(mine, ContainerExecutor.JOB_LABEL)) {
                if (!attempts.trackingIds().contains(job)) {
                    int removed = containers.removeAll(ContainerExecutor.JOB_LABEL + "=" + job);
                    LOG.info("Removed what a job left. job={} containers={}", job, removed);
                }
            }
        } catch (DockerException problem) {
            LOG.warn("Left containers could not be removed. why={}", problem.getMessage());
        }
    }

    private void cleanRegularly(WarmFolders folders) {
        folders.startCleaning();
        timers.after(CLEAN_EVERY, () -> cleanRegularly(folders));
    }

    /// Without its work directory an agent has no memory: it ends its jobs, says so, and ends.
    private void watchWork(Path work) {
        if (lockKey.equals(fileKey(work))) {
            timers.after(LOOK_EVERY, () -> watchWork(work));
            return;
        }
        LOG.error(
                "The work directory was deleted or exchanged; the jobs here are ended. Find out who"
                        + " did that, then start the agent again. work={}",
                work);
        failure = Optional.of(ErrorCode.STORAGE_FAILED);
        draining = true;
        session.drain();
        threads.start("work-lost", () -> stop("the agent's work directory was deleted"));
    }

    /// Which file the lock is now; nothing that equals a key when there is none.
    private static Object fileKey(Path work) {
        try {
            return Files.readAttributes(work.resolve(LOCK), BasicFileAttributes.class).fileKey();
        } catch (IOException gone) {
            return gone;
        }
    }

    private static Identity identity(IdentityFiles files, String name, Ids ids, String version)
            throws IOException {
        return new Identity(files.agentId(ids), name, IdentityFiles.bootId(), ids.fresh(), version);
    }

    private static Offer offer(
            AgentSettings settings, WarmFolders folders, Optional<Machine.Docker> docker) {
        return new Offer(
                settings.slots(),
                labels(settings.labels(), docker.map(it -> it.containers().engine())),
                "linux",
                arch().toLowerCase(Locale.ROOT),
                () -> folders.shortage().orElse(""),
                folders::warmProjects);
    }

    /// Starts an agent that speaks gRPC.
    ///
    /// @throws IOException when the work directory cannot be used, another agent uses it, or a
    ///   program that supervision needs is missing
    public static Agent start(AgentSettings settings, String version) throws IOException {
        return start(settings, new GrpcLink(), version);
    }

    /// Starts an agent with another way to the coordinator.
    public static Agent start(AgentSettings settings, CoordinatorLink link, String version)
            throws IOException {
        settings.describe().forEach(line -> LOG.info("Setting. {}", line));
        return new Agent(settings, link, version);
    }

    private static FileChannel lock(Path work) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        work.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            LOG.debug("This process has the lock already.", sameProcess);
        }
        if (lock == null) {
            channel.close();
            throw new IOException(
                    ("Another agent uses the work directory %s. Stop it, or give this one another "
                                    + "--work directory.")
                            .formatted(work));
        }
        return channel;
    }

    private static Map<String, String> stepEnvironment(Map<String, String> environment)
            throws IOException {
        var all = new LinkedHashMap<>(AgentSettings.inheritable(environment));
        all.putAll(Jdks.variables(environment, arch()));
        return all;
    }

    private static String arch() {
        return switch (System.getProperty("os.arch", "")) {
            case "aarch64", "arm64" -> "ARM64";
            case "x86", "i386" -> "X86";
            case "arm" -> "ARM";
            default -> "X64";
        };
    }

    private static List<String> labels(List<String> given, Optional<DockerEngine> docker) {
        var labels = new ArrayList<>(List.of("self-hosted", "linux"));
        labels.add(arch().toLowerCase(Locale.ROOT));
        docker.map(DockerEngine::labels).ifPresent(labels::addAll);
        given.stream().filter(label -> !labels.contains(label)).forEach(labels::add);
        return labels;
    }

    /// As the runner names an attempt's folder.
    private static String folderName(String attempt) {
        return attempt.replace('/', '-');
    }

    /// Takes no new jobs. Those that run may finish within the drain time, then they are handed
    /// back; {@link #awaitEnd} returns when the farm has all results. Calling it again changes
    /// nothing.
    public void drain() {
        if (draining) {
            return;
        }
        draining = true;
        LOG.info("Draining. jobs={} timeout={}", attempts.unfinished(), settings.drainTimeout());
        session.drain();
        timers.after(
                settings.drainTimeout(),
                () -> threads.start("drain-timeout", () -> stop("the agent was drained")));
        endIfDrained();
    }

    /// Ends all jobs at once; the farm is told if it can be reached within some seconds.
    public void stopNow() {
        draining = true;
        session.drain();
        stop("the agent was stopped");
    }

    private void stop(String why) {
        attempts.abandonAll(why);
        timers.after(LAST_WORDS, ended::countDown);
        endIfDrained();
    }

    private void endIfDrained() {
        if (draining && attempts.held() == 0) {
            ended.countDown();
        }
    }

    private void refusedByFarm() {
        failure = Optional.of(ErrorCode.AGENT_NAME_TAKEN);
        ended.countDown();
    }

    /// Waits until the agent has nothing more to do: drained, stopped, refused, closed, or without
    /// its work directory.
    ///
    /// @return why it ended although nobody asked; empty when somebody did
    public Optional<ErrorCode> awaitEnd() throws InterruptedException {
        ended.await();
        return failure;
    }

    /// How many jobs run.
    public long runningJobs() {
        return attempts.unfinished();
    }

    /// Ends the agent, not its jobs.
    @Override
    public void close() throws IOException {
        session.close();
        logs.close();
        attempts.close();
        executor.close();
        if (docker.isPresent()) {
            docker.get().containers().engine().close();
        }
        timers.close();
        lockFile.close();
        ended.countDown();
    }
}
