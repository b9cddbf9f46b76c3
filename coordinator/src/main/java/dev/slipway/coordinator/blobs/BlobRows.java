package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.storage.Codec;
import dev.slipway.id.AttemptId;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/// The rows of the tables of artifacts and caches as bytes. Every row begins with the version of
/// its form.
final class BlobRows {
    private static final int VERSION = 1;

    private BlobRows() {}

    static final Codec<ArtifactRow> ARTIFACT =
            codec(
                    (row, out) -> {
                        out.writeLong(row.id());
                        out.writeUTF(row.creator().toString());
                        out.writeInt(row.runAttempt());
                        out.writeUTF(row.name());
                        writeBlob(row.manifest(), out);
                        out.writeLong(row.size());
                        out.writeInt(row.files());
                        out.writeLong(row.createdAt().toEpochMilli());
                        out.writeLong(row.expiresAt().toEpochMilli());
                    },
                    in ->
                            new ArtifactRow(
                                    in.readLong(),
                                    AttemptId.parse(in.readUTF()),
                                    in.readInt(),
                                    in.readUTF(),
                                    readBlob(in),
                                    in.readLong(),
                                    in.readInt(),
                                    Instant.ofEpochMilli(in.readLong()),
                                    Instant.ofEpochMilli(in.readLong())));

    static final Codec<CacheRow> CACHE =
            codec(
                    (row, out) -> {
                        out.writeUTF(row.key());
                        writeBlob(row.manifest(), out);
                        out.writeLong(row.size());
                        out.writeLong(row.createdAt().toEpochMilli());
                        out.writeLong(row.usedAt().toEpochMilli());
                    },
                    in ->
                            new CacheRow(
                                    in.readUTF(),
                                    readBlob(in),
                                    in.readLong(),
                                    Instant.ofEpochMilli(in.readLong()),
                                    Instant.ofEpochMilli(in.readLong())));

    static final Codec<Long> NUMBER =
            codec((number, out) -> out.writeLong(number), DataInputStream::readLong);

    private static void writeBlob(BlobRef blob, DataOutputStream out) throws IOException {
        out.writeUTF(blob.sha256());
        out.writeLong(blob.size());
    }

    private static BlobRef readBlob(DataInputStream in) throws IOException {
        return new BlobRef(in.readUTF(), in.readLong());
    }

    private interface Writer<V> {
        void write(V value, DataOutputStream out) throws IOException;
    }

    private interface Reader<V> {
        V read(DataInputStream in) throws IOException;
    }

    private static <V> Codec<V> codec(Writer<V> writer, Reader<V> reader) {
        return new Codec<>() {
            @Override
            public byte[] encode(V value) {
                var bytes = new ByteArrayOutputStream();
                try (var out = new DataOutputStream(bytes)) {
                    out.writeByte(VERSION);
                    writer.write(value, out);
                } catch (IOException impossible) {
                    throw new UncheckedIOException(impossible);
                }
                return bytes.toByteArray();
            }

            @Override
            public V decode(byte[] bytes) {
                try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                    int version = in.readByte();
                    if (version != VERSION) {
                        throw new IllegalArgumentException("the row has version " + version);
                    }
                    return reader.read(in);
                } catch (IOException cut) {
                    throw new UncheckedIOException(cut);
                }
            }
        };
    }
}
