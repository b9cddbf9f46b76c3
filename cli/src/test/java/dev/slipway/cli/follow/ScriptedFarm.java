package dev.slipway.cli.follow;

import dev.slipway.cli.client.AgentInfo;
import dev.slipway.cli.client.ArtifactInfo;
import dev.slipway.cli.client.BlobRef;
import dev.slipway.cli.client.Deliveries;
import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.FarmInfo;
import dev.slipway.cli.client.LogQuery;
import dev.slipway.cli.client.LogText;
import dev.slipway.cli.client.MemberInfo;
import dev.slipway.cli.client.RerunScope;
import dev.slipway.cli.client.Run;
import dev.slipway.cli.client.RunChange;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.client.RunFilter;
import dev.slipway.cli.client.Submission;
import dev.slipway.cli.client.WaitReason;

import org.jspecify.annotations.Nullable;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// A farm that tells what it was told to tell; everything else is refused.
final class ScriptedFarm implements Farm {
    private final Map<Long, List<RunChange>> changes = new HashMap<>();
    private final Map<String, List<LogText>> logs = new HashMap<>();
    private @Nullable RuntimeException failure;
    private List<WaitReason> waits = List.of();
    private boolean endless;

    void changes(long run, RunChange... all) {
        changes.put(run, List.of(all));
    }

    void log(long run, String job, LogText... lines) {
        logs.put(run + "/" + job, List.of(lines));
    }

    void failure(RuntimeException problem) {
        failure = problem;
    }

    void waits(WaitReason... reasons) {
        waits = List.of(reasons);
    }

    void neverEnd() {
        endless = true;
    }

    @Override
    public void watch(long run, Consumer<RunChange> to) throws InterruptedException {
        if (failure != null) {
            throw failure;
        }
        if (endless) {
            new CountDownLatch(1).await();
        }
        changes.get(run).forEach(to);
    }

    @Override
    public void readLog(LogQuery query, Consumer<List<LogText>> lines) {
        lines.accept(logs.get(query.run() + "/" + query.job()));
    }

    @Override
    public long submit(Submission submission) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void upload(BlobRef blob, Path file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean cancel(long run, String job, String reason, boolean force) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int rerun(long run, RerunScope scope, String job, String token) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<WaitReason> explain(long run, String job) {
        return waits;
    }

    @Override
    public List<AgentInfo> agents() {
        throw new UnsupportedOperationException();
    }

    @Override
    public AgentInfo drain(String agent) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AgentInfo resume(String agent) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<MemberInfo> members() {
        throw new UnsupportedOperationException();
    }

    @Override
    public dev.slipway.cli.client.Notifications notifications() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Deliveries deliveries() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FarmInfo info() {
        throw new UnsupportedOperationException();
    }

    @Override
    public RunDetail get(long run) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Run> list(RunFilter filter) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ArtifactInfo> artifacts(long run) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void download(long run, String artifact, OutputStream to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
