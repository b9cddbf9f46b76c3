package dev.slipway.agent.executor;

import java.nio.file.Path;

/// An agent of its own process, for tests that kill it: starts a step and says so.
final class StartAndWait {
    private StartAndWait() {}

    /// @param args the folder of the fixture, the name of the step, the bash script
    public static void main(String[] args) throws Exception {
        var host = new HostFixture(Path.of(args[0]));
        RunningProcess process = host.bash(args[1], args[2]);
        process.read(0, new byte[1]);
        System.out.println("started");
        Thread.currentThread().join();
    }
}
