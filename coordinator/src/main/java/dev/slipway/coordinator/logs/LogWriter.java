package dev.slipway.coordinator.logs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Threads;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The one thread that writes logs: takes everything that waits, has it written down where a
/// cluster needs that, and lets {@link LogEditor} carry it out.
final class LogWriter {
    private final LogIndex index;
    private final LogEditor editor;
    private final LogQueue queue;
    private @Nullable Thread thread;

    /// Where orders are written down first; belongs to the writing thread, as `refuses` does.
    private @Nullable OutputLog output;

    private boolean refuses;

    LogWriter(LogIndex index, LogEditor editor, LogStore.Limits limits) {
        this.index = index;
        this.editor = editor;
        this.queue = new LogQueue(limits.queueBytes());
    }

    void start(Threads threads) {
        thread = threads.startOwner("slipway-logs", this::work);
    }

    void submit(LogQueue.Task task) {
        queue.add(task);
    }

    void close() {
        Thread owner = thread;
        queue.close();
        if (owner == null) {
            return;
        }
        try {
            owner.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        List<LogQueue.Task> batch = queue.take();
        while (!batch.isEmpty()) {
            process(batch);
            batch = queue.take();
        }
    }

    private void process(List<LogQueue.Task> batch) {
        var own = new ArrayList<LogQueue.Own>();
        for (LogQueue.Task task : batch) {
            switch (task) {
                case LogQueue.Own mine -> own.add(mine);
                case LogQueue.Replicated other -> {
                    processOwn(own);
                    processOther(other);
                }
                case LogQueue.Pause pause -> {
                    processOwn(own);
                    rest(pause);
                }
                case LogQueue.Turn change -> {
                    processOwn(own);
                    output = change.output();
                    refuses = change.refuse();
                    change.done().complete(true);
                }
            }
        }
        processOwn(own);
    }

    private static void rest(LogQueue.Pause pause) {
        try {
            pause.body().run();
            pause.done().complete(true);
        } catch (RuntimeException problem) {
            pause.done().completeExceptionally(problem);
        }
    }

    private void processOwn(List<LogQueue.Own> tasks) {
        if (tasks.isEmpty()) {
            return;
        }
        var groups = groups(tasks);
        tasks.clear();
        try {
            carryOut(groups, writeDown(groups));
        } catch (SlipwayException problem) {
            groups.stream().flatMap(List::stream).forEach(task -> task.fail(problem));
        }
    }

    /// Orders that are written down together. One that removes stands alone: what it finds must not
    /// depend on how orders were put together.
    private static List<List<LogQueue.Own>> groups(List<LogQueue.Own> tasks) {
        var groups = new ArrayList<List<LogQueue.Own>>();
        var group = new ArrayList<LogQueue.Own>();
        int bytes = 0;
        boolean alone = false;
        for (LogQueue.Own task : tasks) {
            boolean removes = task.order() instanceof LogOrder.Remove;
            int size = task.order().size();
            if (!group.isEmpty() && (alone || removes || bytes + size > OutputLog.GROUP_BYTES)) {
                groups.add(group);
                group = new ArrayList<>();
                bytes = 0;
            }
            group.add(task);
            bytes += size;
            alone = removes;
        }
        groups.add(group);
        return groups;
    }

    /// @return the position of each group; 0 when they are written down nowhere
    private List<Long> writeDown(List<List<LogQueue.Own>> groups) {
        OutputLog to = output;
        if (refuses) {
            throw new SlipwayException(
                    ErrorCode.NOT_LEADER, "another coordinator leads, or none does");
        }
        if (to == null) {
            return Collections.nCopies(groups.size(), 0L);
        }
        var orders =
                groups.stream()
                        .map(group -> group.stream().map(LogQueue.Own::order).toList())
                        .toList();
        try {
            return to.append(orders);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED, "Interrupted while writing output.", interrupted);
        }
    }

    private void carryOut(List<List<LogQueue.Own>> groups, List<Long> positions) {
        var turn = new LogEditor.Turn();
        int answered = 0;
        try {
            for (int i = 0; i < groups.size(); i++) {
                boolean removes = groups.get(i).getFirst().order() instanceof LogOrder.Remove;
                if (removes && turn.begun) {
                    turn = editor.finish(turn);
                    answered = i;
                }
                for (LogQueue.Own task : groups.get(i)) {
                    carryOut(task, turn);
                }
                turn.position = positions.get(i);
                if (removes || i == groups.size() - 1) {
                    turn = editor.finish(turn);
                    answered = i + 1;
                }
            }
        } catch (IOException | RuntimeException problem) {
            SlipwayException failure = editor.giveUp(problem);
            groups.subList(answered, groups.size())
                    .forEach(group -> group.forEach(task -> task.fail(failure)));
            OutputLog to = output;
            if (to != null) {
                refuses = true;
                to.broken(failure);
            }
        }
    }

    private void carryOut(LogQueue.Own task, LogEditor.Turn turn) throws IOException {
        switch (task) {
            case LogQueue.Append(LogOrder.Append append, LogStore.Listener listener) -> {
                Receipt receipt = editor.append(append.chunk(), turn);
                turn.answers.add(() -> listener.stored(receipt));
            }
            case LogQueue.Other(LogOrder order, var done) -> {
                boolean more = editor.carryOut(order, turn);
                turn.answers.add(() -> done.complete(more));
            }
        }
    }

    private void processOther(LogQueue.Replicated task) {
        if (task.position() <= index.position()) {
            task.done().complete(false);
            return;
        }
        var turn = new LogEditor.Turn();
        try {
            for (LogOrder order : task.orders()) {
                editor.carryOut(order, turn);
            }
            turn.position = task.position();
            turn.answers.add(() -> task.done().complete(false));
            editor.finish(turn);
        } catch (IOException | RuntimeException problem) {
            task.fail(editor.giveUp(problem));
        }
    }
}
