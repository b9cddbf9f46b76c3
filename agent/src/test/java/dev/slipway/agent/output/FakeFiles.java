package dev.slipway.agent.output;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// A workspace in memory: the paths that exist, with their texts.
record FakeFiles(Map<String, String> files) implements SourceFiles {
    @Override
    public String forAnnotation(String file) {
        return file.startsWith("/ws/") ? file.substring(4) : file;
    }

    @Override
    public Optional<String> forMatcher(String file, String fromPath) {
        int slash = fromPath.lastIndexOf('/');
        String path = slash < 0 ? file : fromPath.substring(0, slash + 1) + file;
        return files.containsKey(path) ? Optional.of(path) : Optional.empty();
    }

    @Override
    public String read(String path) throws IOException {
        String text = files.get(path);
        if (text == null) {
            throw new IOException("no such file");
        }
        return text;
    }
}
