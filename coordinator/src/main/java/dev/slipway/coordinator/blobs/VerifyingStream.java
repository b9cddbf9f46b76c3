package dev.slipway.coordinator.blobs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// A whole blob's bytes; the read that meets the end fails when they are not what its digest says.
final class VerifyingStream extends InputStream {
    private final InputStream content;
    private final BlobRef blob;
    private final String place;
    private final MessageDigest digest = Sha256.begin();
    private boolean verified;

    /// @param place for people
    VerifyingStream(InputStream content, BlobRef blob, String place) {
        this.content = content;
        this.blob = blob;
        this.place = place;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        int read = content.read(buffer, from, length);
        if (read > 0) {
            digest.update(buffer, from, read);
        } else if (read < 0 && !verified) {
            verify();
        }
        return read;
    }

    private void verify() {
        String actual = Sha256.hex(digest);
        if (!actual.equals(blob.sha256())) {
            throw new SlipwayException(
                    ErrorCode.DIGEST_MISMATCH,
                    ("%s is damaged: its bytes have digest %s. The farm's operator must check the"
                                    + " disk and delete this file; a new run uploads it again.")
                            .formatted(place, actual));
        }
        verified = true;
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
