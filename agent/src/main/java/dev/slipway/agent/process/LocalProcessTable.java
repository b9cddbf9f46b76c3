package dev.slipway.agent.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The processes of this machine, as `/proc` shows them.
public final class LocalProcessTable implements ProcessTable {
    private static final Path PROC = Path.of("/proc");

    private final Boot boot;

    public LocalProcessTable(Boot boot) {
        this.boot = boot;
    }

    @Override
    public boolean isAlive(ProcessIdentity identity) {
        return identity.bootId().equals(boot.id())
                && entry(identity.pid())
                        .filter(entry -> entry.startTicks() == identity.startTicks())
                        .filter(entry -> !entry.ended())
                        .isPresent();
    }

    @Override
    public ProcessIdentity identity(Entry entry) {
        return new ProcessIdentity(boot.id(), entry.pid(), entry.startTicks());
    }

    private static Optional<Entry> entry(int pid) {
        String stat;
        try {
            stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return Optional.empty();
        }
        return Entry.parse(stat);
    }

    @Override
    public List<Entry> entries() throws IOException {
        List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path folder : folders) {
                pids.add(Integer.parseInt(folder.getFileName().toString()));
            }
        }
        pids.sort(null);
        return pids.stream().map(LocalProcessTable::entry).flatMap(Optional::stream).toList();
    }

    @Override
    public boolean startedWith(int pid, String variable) {
        return startedWith(PROC.resolve(Integer.toString(pid)), variable);
    }

    /// The same for those who look through `/proc` themselves.
    ///
    /// @param process its folder there
    public static boolean startedWith(Path process, String variable) {
        byte[] environment;
        try {
            environment = Files.readAllBytes(process.resolve("environ"));
        } catch (IOException endedOrForeign) {
            return false;
        }
        byte[] wanted = variable.getBytes(StandardCharsets.UTF_8);
        int start = 0;
        for (int at = 0; at < environment.length; at++) {
            if (environment[at] == 0) {
                if (Arrays.equals(environment, start, at, wanted, 0, wanted.length)) {
                    return true;
                }
                start = at + 1;
            }
        }
        return false;
    }

    @Override
    public String commandLine(int pid) {
        try {
            return Files.readString(PROC.resolve(pid + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }

    @Override
    public void onExit(ProcessIdentity process, Runnable ended) {
        Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
        // The handle is taken before the check, so it is of the process that was checked.
        if (handle.isPresent() && isAlive(process)) {
            handle.get().onExit().thenRun(ended);
        } else {
            ended.run();
        }
    }

    @Override
    public OptionalInt self() {
        return OptionalInt.of((int) ProcessHandle.current().pid());
    }
}
