package dev.slipway.coordinator.secrets;

import com.google.crypto.tink.KeysetHandle;

import dev.slipway.coordinator.storage.Durable;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a data directory remembers of the key file that belongs to it: the number of its primary
/// key, which tells nothing of the key.
final class KeyId {
    private KeyId() {}

    /// Loads the keys, or makes them when the data directory has never had any.
    static KeysetHandle check(Path keyFile, Path keyId) {
        try {
            if (!Files.exists(keyId)) {
                KeysetHandle keys = KeyFile.loadOrCreate(keyFile);
                Durable.write(keyId, keys.getPrimary().getId() + "\n");
                return keys;
            }
            String known = Files.readString(keyId).strip();
            if (!Files.exists(keyFile)) {
                throw gone(keyFile, keyId);
            }
            KeysetHandle keys = KeyFile.loadOrCreate(keyFile);
            if (!contains(keys, known)) {
                throw other(keyFile, keyId);
            }
            return keys;
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The file %s cannot be read or written (%s). Check the disk of the data"
                                    .formatted(keyId, problem)
                            + " directory and start again.",
                    problem);
        }
    }

    private static boolean contains(KeysetHandle keys, String id) {
        for (int i = 0; i < keys.size(); i++) {
            if (Integer.toString(keys.getAt(i).getId()).equals(id)) {
                return true;
            }
        }
        return false;
    }

    private static SlipwayException gone(Path keyFile, Path keyId) {
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "The key file %s is missing, but secrets of recorded runs are sealed with it."
                                .formatted(keyFile)
                        + " Put it back, or name it with --key-file. To give those secrets up and"
                        + " start"
                        + " with a new key, delete %s.".formatted(keyId));
    }

    private static SlipwayException other(Path keyFile, Path keyId) {
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "The key file %s does not hold the key that secrets of recorded runs are sealed"
                                .formatted(keyFile)
                        + " with. Name the right one with --key-file. To give those secrets up,"
                        + " delete %s.".formatted(keyId));
    }
}
