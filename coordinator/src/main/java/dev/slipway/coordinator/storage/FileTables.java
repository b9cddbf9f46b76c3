package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.model.Cache;
import dev.slipway.id.AttemptId;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/// The tables of artifacts and caches. Every row begins with the version of its form.
final class FileTables {
    private static final int VERSION = 1;

    static final Table<Artifact.Name, Artifact> ARTIFACTS =
            new Table<>("artifacts", new ArtifactKey(), artifacts());
    static final Table<Cache.Name, CacheContent> CACHES =
            new Table<>("caches", new CacheKey(), caches());

    /// When a cache was last found. Each coordinator has its own idea of that.
    static final Table<Cache.Name, Instant> CACHE_USES =
            new Table<>(
                    "cache_uses",
                    new CacheKey(),
                    codec(
                            (at, out) -> out.writeLong(at.toEpochMilli()),
                            in -> Instant.ofEpochMilli(in.readLong())));

    static final Table<String, Long> COUNTERS =
            new Table<>(
                    "blob_counters",
                    KeyCodec.TEXT,
                    codec((number, out) -> out.writeLong(number), DataInputStream::readLong));
    static final String LAST_ARTIFACT = "artifact";

    private FileTables() {}

    /// A cache without its name (which is the key).
    record CacheContent(Artifact.Content manifest, long size, Instant createdAt) {
        static CacheContent of(Cache cache) {
            return new CacheContent(cache.manifest(), cache.size(), cache.createdAt());
        }

        Cache named(Cache.Name name) {
            return new Cache(name, manifest, size, createdAt);
        }
    }

    private static Codec<Artifact> artifacts() {
        return codec(
                (row, out) -> {
                    out.writeLong(row.id());
                    out.writeUTF(row.creator().toString());
                    out.writeInt(row.runAttempt());
                    out.writeUTF(row.name());
                    write(row.manifest(), out);
                    out.writeLong(row.size());
                    out.writeInt(row.files());
                    out.writeLong(row.createdAt().toEpochMilli());
                    out.writeLong(row.expiresAt().toEpochMilli());
                },
                in ->
                        new Artifact(
                                in.readLong(),
                                AttemptId.parse(in.readUTF()),
                                in.readInt(),
                                in.readUTF(),
                                content(in),
                                in.readLong(),
                                in.readInt(),
                                Instant.ofEpochMilli(in.readLong()),
                                Instant.ofEpochMilli(in.readLong())));
    }

    /// 0.1.0 kept the time of the last use in the row: its place is still there.
    private static Codec<CacheContent> caches() {
        return codec(
                (row, out) -> {
                    out.writeUTF("");
                    write(row.manifest(), out);
                    out.writeLong(row.size());
                    out.writeLong(row.createdAt().toEpochMilli());
                    out.writeLong(row.createdAt().toEpochMilli());
                },
                in -> {
                    in.readUTF();
                    return new CacheContent(
                            content(in), in.readLong(), Instant.ofEpochMilli(in.readLong()));
                });
    }

    private static void write(Artifact.Content content, DataOutputStream out) throws IOException {
        out.writeUTF(content.sha256());
        out.writeLong(content.size());
    }

    private static Artifact.Content content(DataInputStream in) throws IOException {
        return new Artifact.Content(in.readUTF(), in.readLong());
    }

    private static final class ArtifactKey implements KeyCodec<Artifact.Name> {
        @Override
        public void write(Artifact.Name key, KeyWriter to) {
            to.number(key.run()).text(key.name());
        }

        @Override
        public Artifact.Name read(KeyReader from) {
            return new Artifact.Name(from.number(), from.text());
        }
    }

    private static final class CacheKey implements KeyCodec<Cache.Name> {
        @Override
        public void write(Cache.Name name, KeyWriter to) {
            to.text(name.project()).text(name.scope()).text(name.version()).text(name.key());
        }

        @Override
        public Cache.Name read(KeyReader from) {
            return new Cache.Name(from.text(), from.text(), from.text(), from.text());
        }
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
