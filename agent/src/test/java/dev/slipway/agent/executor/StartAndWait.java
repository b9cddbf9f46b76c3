package dev.slipway.agent.executor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An agent of its own process, for tests that kill it: starts a step and says so.
final class StartAndWait {
    private StartAndWait() {}

    /// Starts such an agent and waits until its step has printed something.
    static Process spawn(Path folder, String name, String script) throws IOException {
        return spawn(List.of(), folder, name, script);
    }

    /// @param prefix words before the command
    static Process spawn(List<String> prefix, Path folder, String name, String script)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(
                List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartAndWait.class.getName(),
                        folder.toString(),
                        name,
                        script));
        Process agent = new ProcessBuilder(command).redirectErrorStream(true).start();
        var lines =
                new BufferedReader(
                        new InputStreamReader(agent.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (line != null && !line.equals("started")) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException("The agent ended before its step began.");
        }
        return agent;
    }

    /// @param args the folder of the fixture, the name of the step, the bash script
    public static void main(String[] args) throws Exception {
        var host = new HostFixture(Path.of(args[0]));
        RunningProcess process = host.bash(args[1], args[2]);
        process.read(0, new byte[1]);
        System.out.println("started");
        Thread.currentThread().join();
    }
}
