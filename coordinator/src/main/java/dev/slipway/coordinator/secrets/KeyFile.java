package dev.slipway.coordinator.secrets;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;

import dev.slipway.coordinator.storage.Durable;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Set;

/// The file with the keys: a Tink keyset as JSON, mode 0600, never inside the data directory, so
/// that a copy of the data alone tells no secret.
final class KeyFile {
    private KeyFile() {}

    static KeysetHandle loadOrCreate(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            requirePrivate(file);
            return TinkJsonProtoKeysetFormat.parseKeyset(
                    Files.readString(file), AeadConfig2026.get(), InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException problem) {
            throw damaged(file, problem);
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The key file %s cannot be read or made (%s). Give a path outside the data"
                                    .formatted(file, problem)
                            + " directory that this user may write with --key-file.",
                    problem);
        }
    }

    static SlipwayException damaged(Path file, GeneralSecurityException problem) {
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "The key file %s is damaged (%s). Put its backup there; without it the secrets of"
                                .formatted(file, problem.getMessage())
                        + " recorded runs are lost (move the file away to start with a new key).",
                problem);
    }

    /// Writes a fresh keyset to a temporary file and links it to its place, so that of two
    /// processes that start together both use the same one.
    private static void create(Path file) throws IOException, GeneralSecurityException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Durable.createPrivateFolders(folder);
        }
        String json =
                TinkJsonProtoKeysetFormat.serializeKeyset(
                        KeysetHandle.generateNew(
                                PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get()),
                        AeadConfig2026.get(),
                        InsecureSecretKeyAccess.get());
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path fresh = Files.createTempFile(folder, ".slipway-key", ".new", ownerOnly);
        try {
            try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.createLink(file, fresh);
            if (folder != null) {
                Durable.syncFolder(folder);
            }
        } catch (FileAlreadyExistsException another) {
            requirePrivate(file);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static void requirePrivate(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        for (var permission : permissions) {
            if (!permission.name().startsWith("OWNER_")) {
                throw new SlipwayException(
                        ErrorCode.STORAGE_FAILED,
                        "The key file %s may be used by others (mode %s). Run: chmod 600 %s"
                                .formatted(file, PosixFilePermissions.toString(permissions), file));
            }
        }
    }
}
