package dev.slipway.agent.executor;

/// Sees what scripted processes really do, whether an agent looks or not: what a simulation checks
/// its promises against. Called while the process is locked; must return at once.
public interface ProcessWatcher {
    /// Sees nothing.
    ProcessWatcher NONE =
            new ProcessWatcher() {
                @Override
                public void started(Launch launch) {
                    // Nobody asked.
                }

                @Override
                public void printed(Launch launch, String text) {
                    // Nobody asked.
                }

                @Override
                public void ended(Launch launch, Exit exit) {
                    // Nobody asked.
                }
            };

    /// The command runs from now on.
    void started(Launch launch);

    /// It printed something, and that was recorded.
    void printed(Launch launch, String text);

    /// It is gone; called once, also for one that never {@link #started}.
    void ended(Launch launch, Exit exit);
}
