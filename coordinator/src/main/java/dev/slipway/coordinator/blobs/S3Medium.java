package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.settings.BlobLocation;
import dev.slipway.time.Threads;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A bucket of an S3-compatible store. The store must show a finished write or delete to every
/// later read and list (AWS, Ceph, MinIO and others do), up to the {@link #lag}.
final class S3Medium implements Medium {
    private static final Logger LOG = LoggerFactory.getLogger(S3Medium.class);
    private static final Duration LAG = Duration.ofSeconds(30);
    private static final int WIDTH = 16;

    private final BlobLocation.S3 where;
    private final S3Client client;
    private final S3Problems problems;
    private final Parallel parallel;
    private final String keyPrefix;

    private S3Medium(BlobLocation.S3 where, S3Client client, Threads threads) {
        this.where = where;
        this.client = client;
        this.problems = new S3Problems(where);
        this.parallel = new Parallel(threads, WIDTH);
        this.keyPrefix = where.prefix().isEmpty() ? "" : where.prefix() + "/";
    }

    /// Asks once, so that a mistake in the settings shows at the start.
    ///
    /// @throws dev.slipway.error.SlipwayException when the store refuses, saying why; that it
    ///   cannot be reached at the moment is only logged
    static S3Medium open(BlobLocation.S3 where, Optional<Path> credentials, Threads threads) {
        var medium = new S3Medium(where, S3Clients.make(where, credentials), threads);
        try {
            medium.client.listObjectsV2(medium.oneOf(""));
        } catch (SdkException problem) {
            if (S3Problems.lasts(problem)) {
                medium.close();
                throw medium.problems.explain(problem);
            }
            LOG.warn(
                    "The blob store does not answer; sources, artifacts and caches wait for it."
                            + " why={}",
                    medium.problems.explain(problem).getMessage());
        }
        return medium;
    }

    private ListObjectsV2Request oneOf(String prefix) {
        return ListObjectsV2Request.builder()
                .bucket(where.bucket())
                .prefix(key(prefix))
                .maxKeys(1)
                .build();
    }

    S3Client client() {
        return client;
    }

    S3Problems problems() {
        return problems;
    }

    Parallel parallel() {
        return parallel;
    }

    String bucket() {
        return where.bucket();
    }

    String key(String name) {
        return keyPrefix + name;
    }

    @Override
    public void list(String prefix, Consumer<Entry> found) throws IOException {
        problems.call(
                prefix,
                () -> {
                    client.listObjectsV2Paginator(
                                    ListObjectsV2Request.builder()
                                            .bucket(where.bucket())
                                            .prefix(key(prefix))
                                            .build())
                            .contents()
                            .forEach(
                                    object ->
                                            found.accept(
                                                    new Entry(
                                                            object.key()
                                                                    .substring(keyPrefix.length()),
                                                            object.size(),
                                                            object.lastModified())));
                    return prefix;
                });
    }

    @Override
    public byte[] read(String name) throws IOException {
        return problems.call(name, () -> client.getObjectAsBytes(get(name, 0)).asByteArray());
    }

    private GetObjectRequest get(String name, long offset) {
        var request = GetObjectRequest.builder().bucket(where.bucket()).key(key(name));
        if (offset > 0) {
            request.range("bytes=%d-".formatted(offset));
        }
        return request.build();
    }

    @Override
    public InputStream open(String name, long offset) throws IOException {
        return new Content(stream(name, offset));
    }

    ResponseInputStream<GetObjectResponse> stream(String name, long offset) throws IOException {
        return problems.call(name, () -> client.getObject(get(name, offset)));
    }

    /// Closing it early does not read the rest.
    private static final class Content extends FilterInputStream {
        private final ResponseInputStream<GetObjectResponse> response;
        private boolean ended;

        Content(ResponseInputStream<GetObjectResponse> response) {
            super(response);
            this.response = response;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            ended |= read < 0;
            return read;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int read = super.read(buffer, from, length);
            ended |= read < 0;
            return read;
        }

        @Override
        public void close() throws IOException {
            if (ended) {
                super.close();
            } else {
                response.abort();
            }
        }
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
        problems.call(
                name,
                () ->
                        client.putObject(
                                put -> put.bucket(where.bucket()).key(key(name)),
                                RequestBody.fromBytes(content)));
    }

    @Override
    public void delete(List<String> names) throws IOException {
        parallel.each(
                names,
                name ->
                        problems.call(
                                name,
                                () ->
                                        client.deleteObject(
                                                delete ->
                                                        delete.bucket(where.bucket())
                                                                .key(key(name)))));
    }

    @Override
    public Instant now() throws IOException {
        String date =
                problems.call(
                                "",
                                () ->
                                        client.listObjectsV2(oneOf(Names.EPOCHS))
                                                .sdkHttpResponse()
                                                .firstMatchingHeader("Date"))
                        .orElseThrow(() -> new IOException(where + " does not tell the time"));
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
        } catch (DateTimeException wrong) {
            throw new IOException(where + " tells the time in another form: " + date, wrong);
        }
    }

    @Override
    public Duration lag() {
        return LAG;
    }

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public String place() {
        return where.toString();
    }

    @Override
    public long staged(BlobRef blob) throws IOException {
        return S3Staging.staged(this, blob);
    }

    @Override
    public Staging stage(BlobRef blob, long offset, Consumer<ByteBuffer> held) throws IOException {
        return new S3Staging(this, blob, offset, held);
    }

    @Override
    public void removeStaged(Instant since) throws IOException {
        Map<String, Instant> newest = new HashMap<>();
        Map<String, List<String>> parts = new HashMap<>();
        list(
                Names.PARTIAL,
                part -> {
                    String upload = part.name().substring(0, part.name().lastIndexOf('/'));
                    newest.merge(upload, part.modified(), (a, b) -> a.isAfter(b) ? a : b);
                    parts.computeIfAbsent(upload, first -> new ArrayList<>()).add(part.name());
                });
        for (var upload : newest.entrySet()) {
            if (upload.getValue().isBefore(since)) {
                delete(parts.getOrDefault(upload.getKey(), List.of()));
            }
        }
        abortCompositions(since);
    }

    /// What a coordinator left that ended while it put parts together.
    private void abortCompositions(Instant since) throws IOException {
        problems.call(
                "",
                () -> {
                    client
                            .listMultipartUploadsPaginator(
                                    list -> list.bucket(where.bucket()).prefix(keyPrefix))
                            .uploads()
                            .stream()
                            .filter(upload -> upload.initiated().isBefore(since))
                            .forEach(
                                    upload ->
                                            client.abortMultipartUpload(
                                                    abort ->
                                                            abort.bucket(where.bucket())
                                                                    .key(upload.key())
                                                                    .uploadId(upload.uploadId())));
                    return since;
                });
    }

    @Override
    public void close() {
        client.close();
    }
}
