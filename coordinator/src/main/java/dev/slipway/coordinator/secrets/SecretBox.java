package dev.slipway.coordinator.secrets;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Seals the secrets of a run with authenticated encryption (AES-256-GCM by Tink). What is sealed
/// for one owner (an id that a run keeps for life) cannot be opened for another, so that rows of
/// the store cannot be swapped. Safe for many threads.
public final class SecretBox {
    private final Aead aead;

    SecretBox(Aead aead) {
        this.aead = aead;
    }

    /// The box whose keys are in `keyFile`; the file is made, readable by its owner only, when
    /// there is none.
    ///
    /// @throws SlipwayException when the file cannot be read or made, is damaged, or may be read by
    ///   others
    public static SecretBox open(Path keyFile) {
        try {
            return new SecretBox(
                    KeyFile.loadOrCreate(keyFile).getPrimitive(AeadConfig2026.get(), Aead.class));
        } catch (GeneralSecurityException problem) {
            throw KeyFile.damaged(keyFile, problem);
        }
    }

    /// The box of a data directory, which remembers which key its secrets were sealed with: so that
    /// a lost or exchanged key file is noticed before anything is sealed with another key.
    ///
    /// @param keyId file in which that is remembered; made when there is none
    /// @throws SlipwayException also when the key file is gone, or holds other keys
    public static SecretBox open(Path keyFile, Path keyId) {
        try {
            KeysetHandle keys = KeyId.check(keyFile, keyId);
            return new SecretBox(keys.getPrimitive(AeadConfig2026.get(), Aead.class));
        } catch (GeneralSecurityException problem) {
            throw KeyFile.damaged(keyFile, problem);
        }
    }

    /// Seals names and values together.
    public byte[] seal(String owner, Map<String, String> secrets) {
        try {
            return aead.encrypt(encode(new TreeMap<>(secrets)), associated(owner));
        } catch (GeneralSecurityException problem) {
            throw new SlipwayException(
                    ErrorCode.INTERNAL, "Sealing the secrets of a run failed.", problem);
        }
    }

    /// Opens what {@link #seal} made for the same owner; an empty array holds no secrets.
    ///
    /// @throws SlipwayException when it was sealed with other keys, for another owner, or is
    ///   damaged
    public SortedMap<String, String> open(String owner, byte[] sealed) {
        if (sealed.length == 0) {
            return new TreeMap<>();
        }
        try {
            return decode(aead.decrypt(sealed, associated(owner)));
        } catch (GeneralSecurityException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The secrets of run %s cannot be opened: they were sealed with another key, or"
                                    .formatted(owner)
                            + " are damaged. Start the coordinator with the --key-file that was in"
                            + " use when the run was submitted, or submit the run again.",
                    problem);
        }
    }

    private static byte[] associated(String owner) {
        return ("slipway run " + owner).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] encode(SortedMap<String, String> secrets) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(secrets.size());
            for (var secret : secrets.entrySet()) {
                write(out, secret.getKey());
                write(out, secret.getValue());
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static SortedMap<String, String> decode(byte[] plain) {
        var secrets = new TreeMap<String, String>();
        try (var in = new DataInputStream(new ByteArrayInputStream(plain))) {
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                secrets.put(read(in), read(in));
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return secrets;
    }

    private static String read(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
