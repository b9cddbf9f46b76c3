package dev.slipway.agent.actions;

import dev.slipway.agent.output.JUnitReports;
import dev.slipway.agent.output.TestResults;
import dev.slipway.glob.Glob;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `slipway/test-report`: JUnit XML files become test results of the run.
final class TestReport implements BuiltIn {
    @Override
    public Map<String, String> inputs() {
        var inputs = new LinkedHashMap<String, String>();
        inputs.put("path", "");
        inputs.put("if-no-files-found", "warn");
        return inputs;
    }

    @Override
    public void main(ActionCall call) throws IOException, InterruptedException {
        if (call.input("path").isEmpty()) {
            throw new ActionFailure("Input required and not supplied: path");
        }
        List<Path> files;
        try {
            files =
                    Glob.parse(
                                    call.input("path"),
                                    call.workspace(),
                                    HomeFolder.of(call.environment()),
                                    Glob.Options.DEFAULT)
                            .findFiles();
        } catch (IllegalArgumentException invalid) {
            throw new ActionFailure("Invalid path: " + invalid.getMessage(), invalid);
        }
        if (files.isEmpty()) {
            nothingFound(call);
            return;
        }
        TestResults results = JUnitReports.read(files, call.masks());
        results.problems().forEach(call::warn);
        call.report(results);
        call.output("total", Integer.toString(results.total()));
        call.output("failed", Integer.toString(results.failed() + results.errored()));
        call.output("skipped", Integer.toString(results.skipped()));
        call.say(
                "%d tests in %d files: %d failed, %d in error, %d skipped"
                        .formatted(
                                results.total(),
                                files.size(),
                                results.failed(),
                                results.errored(),
                                results.skipped()));
    }

    private static void nothingFound(ActionCall call) {
        String text = "No test reports were found with the path: " + call.input("path");
        switch (call.input("if-no-files-found")) {
            case "error" -> throw new ActionFailure(text);
            case "ignore" -> call.say(text);
            default -> call.warn(text);
        }
    }
}
