package dev.slipway.cli.client;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Bytes on their way to a file, counted and hashed.
final class VerifiedDownload {
    private final OutputStream to;
    private final MessageDigest sha256;
    private long received;
    private long size = -1;
    private String digest = "";

    VerifiedDownload(OutputStream to) {
        this.to = to;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    long received() {
        return received;
    }

    /// @param announcedSize the whole length; only on the first piece of an answer
    /// @param announcedDigest `sha256:<hex>`; only on the first piece of an answer
    void accept(long announcedSize, String announcedDigest, byte[] data) {
        if (!announcedDigest.isEmpty()) {
            if (!digest.isEmpty() && !digest.equals(announcedDigest)) {
                throw broken("changed while it was downloaded");
            }
            size = announcedSize;
            digest = announcedDigest;
        }
        try {
            to.write(data);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        sha256.update(data);
        received += data.length;
    }

    void finish() throws IOException {
        to.flush();
        String actual = "sha256:" + HexFormat.of().formatHex(sha256.digest());
        if (size >= 0 && received != size) {
            throw broken("has " + received + " bytes instead of " + size);
        }
        if (!digest.isEmpty() && !digest.equals(actual)) {
            throw broken("has digest " + actual + " instead of " + digest);
        }
    }

    private static SlipwayException broken(String how) {
        return new SlipwayException(
                ErrorCode.DIGEST_MISMATCH,
                "the artifact "
                        + how
                        + "; download it again, and if that repeats, the farm's"
                        + " store is damaged");
    }
}
