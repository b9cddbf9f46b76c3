package dev.slipway.agent.actions;

import dev.slipway.agent.actions.Storage.CacheCreated;
import dev.slipway.agent.actions.Storage.CacheHit;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `actions/cache`, `actions/cache/restore` and `actions/cache/save`.
final class CacheActions implements BuiltIn {
    private static final int MAX_KEY = 512;
    private static final int MAX_KEYS = 10;
    private static final String KEY = "CACHE_KEY";
    private static final String MATCHED = "CACHE_RESULT";

    /// Which of the three it is.
    enum Kind {
        CACHE,
        RESTORE,
        SAVE
    }

    private final Kind kind;

    CacheActions(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Map<String, String> inputs() {
        var inputs = new LinkedHashMap<String, String>();
        inputs.put("path", "");
        inputs.put("key", "");
        if (kind != Kind.SAVE) {
            inputs.put("restore-keys", "");
        }
        inputs.put("upload-chunk-size", "");
        inputs.put("enableCrossOsArchive", "false");
        if (kind != Kind.SAVE) {
            inputs.put("fail-on-cache-miss", "false");
            inputs.put("lookup-only", "false");
        }
        if (kind == Kind.CACHE) {
            inputs.put("save-always", "false");
        }
        return inputs;
    }

    @Override
    public boolean hasPost() {
        return kind == Kind.CACHE;
    }

    @Override
    public boolean postNeedsSuccess() {
        return true;
    }

    @Override
    public void main(ActionCall call) throws IOException, InterruptedException {
        if (kind == Kind.SAVE) {
            save(call, call.input("key"));
        } else {
            restore(call);
        }
    }

    /// Saves after a job that has succeeded, unless the cache of that very key was restored. A
    /// cache that cannot be saved fails nothing.
    @Override
    public void post(ActionCall call) throws IOException, InterruptedException {
        String key = call.state(KEY);
        if (key.isEmpty()) {
            call.warn("Key is not specified.");
        } else if (key.equals(call.state(MATCHED))) {
            call.say("Cache hit occurred on the primary key %s, not saving cache.".formatted(key));
        } else {
            save(call, key);
        }
    }

    private void restore(ActionCall call) throws IOException, InterruptedException {
        String key = call.input("key");
        List<String> restoreKeys = call.lines("restore-keys");
        requireKeys(key, restoreKeys);
        call.state(KEY, key);
        call.output("cache-primary-key", key);
        var paths = new CachePaths(call);
        Optional<CacheHit> hit = lookup(call, key, restoreKeys, paths.version());
        if (hit.isEmpty()) {
            if (call.flag("fail-on-cache-miss")) {
                throw new ActionFailure(
                        "Failed to restore cache entry. Exiting as fail-on-cache-miss is set. Input"
                                + " key: "
                                + key);
            }
            var keys = new java.util.ArrayList<>(List.of(key));
            keys.addAll(restoreKeys);
            call.say("Cache not found for input keys: " + String.join(", ", keys));
            return;
        }
        String matched = hit.get().matchedKey();
        call.state(MATCHED, matched);
        call.output("cache-matched-key", matched);
        call.output("cache-hit", Boolean.toString(matched.equals(key)));
        if (call.flag("lookup-only")) {
            call.say("Cache found and can be restored from key: " + matched);
            return;
        }
        new FileStore(call.storage(), call.threads()).download(paths.places(hit.get().files()));
        call.say("Cache restored from key: " + matched);
    }

    private static Optional<CacheHit> lookup(
            ActionCall call, String key, List<String> restoreKeys, String version)
            throws InterruptedException {
        String mode = call.job().cacheMode();
        if (mode.equals("none") || mode.equals("write-only")) {
            call.say("The job's cache-mode is '%s': no cache is read.".formatted(mode));
            return Optional.empty();
        }
        return call.storage().lookupCache(key, restoreKeys, version);
    }

    private static void requireKeys(String key, List<String> restoreKeys) {
        if (key.isEmpty()) {
            throw new ActionFailure("Input required and not supplied: key");
        }
        if (restoreKeys.size() + 1 > MAX_KEYS) {
            throw new ActionFailure(
                    "Key Validation Error: Keys are limited to a maximum of %d."
                            .formatted(MAX_KEYS));
        }
        requireKey(key);
        restoreKeys.forEach(CacheActions::requireKey);
    }

    private static void requireKey(String key) {
        if (key.length() > MAX_KEY) {
            throw new ActionFailure(
                    "Key Validation Error: %s cannot be larger than %d characters."
                            .formatted(key, MAX_KEY));
        }
        if (key.indexOf(',') >= 0) {
            throw new ActionFailure(
                    "Key Validation Error: %s cannot contain commas.".formatted(key));
        }
    }

    private static void save(ActionCall call, String key) throws IOException, InterruptedException {
        requireKeys(key, List.of());
        String mode = call.job().cacheMode();
        if (mode.equals("none") || mode.equals("read")) {
            call.say("The job's cache-mode is '%s': no cache is saved.".formatted(mode));
            return;
        }
        var paths = new CachePaths(call);
        Map<String, Path> entries = paths.collect();
        if (entries.isEmpty()) {
            call.warn(
                    "Path Validation Error: Path(s) specified in the action for caching do(es) not"
                            + " exist, hence no cache is being saved.");
            return;
        }
        try {
            var stored = new FileStore(call.storage(), call.threads()).upload(entries);
            CacheCreated created = call.storage().createCache(key, paths.version(), stored);
            if (created.created()) {
                call.say("Cache saved with key: " + key);
            } else {
                call.say("Failed to save: " + created.reason());
            }
        } catch (SlipwayException refused) {
            call.warn("Failed to save: " + refused.getMessage());
        }
    }
}
