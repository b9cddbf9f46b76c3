package dev.slipway.workflow;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads what `uses` names, for steps and for jobs.
final class References {

    private static final Pattern REMOTE =
            Pattern.compile("([A-Za-z0-9._-]+)/([A-Za-z0-9._-]+)(?:/([^@]*))?@([^@]+)");

    private References() {}

    /// An action; reports and returns a placeholder when the text is malformed.
    static ActionRef action(Located<String> uses, Problems problems) {
        String text = uses.value().strip();
        if (text.startsWith("docker://")) {
            String image = text.substring("docker://".length());
            if (image.isEmpty()) {
                problems.error(uses.position(), "'uses: docker://' names no image");
            }
            return new ActionRef.Docker(text, image);
        }
        if (text.startsWith("./") || text.startsWith(".\\")) {
            return new ActionRef.Local(text, trimSlashes(text.substring(1)));
        }
        if (text.startsWith("$/")) {
            if (text.contains("@")) {
                problems.error(
                        uses.position(),
                        "'uses: "
                                + text
                                + "': '$/' always means this"
                                + " repository at this commit; remove '@"
                                + afterAt(text)
                                + "'");
            }
            return new ActionRef.Self(text, trimSlashes(text.substring(2)));
        }
        Matcher remote = REMOTE.matcher(text);
        if (remote.matches()) {
            String path = remote.group(3) == null ? "" : trimSlashes(remote.group(3));
            if (isWorkflowPath(path)) {
                problems.error(
                        uses.position(),
                        "'uses: "
                                + text
                                + "' is a reusable workflow; call it with the 'uses' of a job, not"
                                + " of a step");
            }
            return new ActionRef.Repository(
                    text, remote.group(1), remote.group(2), path, remote.group(4));
        }
        String missing = text.contains("@") ? "" : " ('@' and a version are missing)";
        problems.error(
                uses.position(),
                "'uses: "
                        + YamlScalar.abbreviate(text)
                        + "' is not an action"
                        + missing
                        + "; write 'owner/repo@version', './path',"
                        + " '$/path' or 'docker://image'");
        return new ActionRef.Local(text, text);
    }

    /// A reusable workflow; reports and returns a placeholder when the text is malformed.
    static WorkflowRef workflow(Located<String> uses, Problems problems) {
        String text = uses.value().strip();
        if (text.startsWith("./") || text.startsWith("$/")) {
            String path = trimSlashes(text.substring(2));
            if (text.contains("@")) {
                problems.error(
                        uses.position(),
                        "'uses: "
                                + text
                                + "': a workflow of this"
                                + " repository has no version; remove '@"
                                + afterAt(text)
                                + "'");
            }
            if (!isWorkflowPath(path) && !text.contains("@")) {
                problems.error(
                        uses.position(),
                        "'uses: "
                                + text
                                + "': reusable workflows are"
                                + " files directly in '.github/workflows'");
            }
            return new WorkflowRef.Local(text, path, text.startsWith("$/"));
        }
        Matcher remote = REMOTE.matcher(text);
        if (remote.matches() && remote.group(3) != null && isWorkflowPath(remote.group(3))) {
            return new WorkflowRef.Remote(
                    text, remote.group(1), remote.group(2), remote.group(3), remote.group(4));
        }
        problems.error(
                uses.position(),
                "'uses: "
                        + YamlScalar.abbreviate(text)
                        + "' is not a reusable workflow; write './.github/workflows/NAME.yml' or"
                        + " 'owner/repo/.github/workflows/NAME.yml@version'");
        return new WorkflowRef.Local(text, text, false);
    }

    private static boolean isWorkflowPath(String path) {
        String folder = ".github/workflows/";
        return path.startsWith(folder)
                && path.indexOf('/', folder.length()) < 0
                && (path.endsWith(".yml") || path.endsWith(".yaml"));
    }

    private static String afterAt(String text) {
        return text.substring(text.indexOf('@') + 1);
    }

    private static String trimSlashes(String path) {
        int from = 0;
        int to = path.length();
        while (from < to && path.charAt(from) == '/') {
            from++;
        }
        while (to > from && path.charAt(to - 1) == '/') {
            to--;
        }
        return path.substring(from, to);
    }
}
