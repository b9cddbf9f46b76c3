package dev.slipway.coordinator.blobs;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/// Content on its way into an {@link S3Medium}. A blob of one part waits in memory and is put at
/// once. Of a larger one every full part becomes an object `partial/<digest>-<size>/<number>`; at
/// the end the store itself copies them together. Parts of a multipart upload would save that copy,
/// but cannot be read back, so whoever goes on with the upload could not digest them.
///
/// Parts have the ETag with which they were digested, or nothing is published: another process may
/// write the same ones.
final class S3Staging implements Medium.Staging {
    /// The least that S3 takes for a part but the last.
    static final int LEAST_PART = 5 << 20;

    /// S3 takes 10,000.
    private static final int MOST_PARTS = 9_000;

    private final S3Medium medium;
    private final S3Client client;
    private final BlobRef blob;
    private final int partSize;

    /// Of the parts that are staged, in order.
    private final List<String> etags = new ArrayList<>();

    private ByteBuffer buffer;

    S3Staging(S3Medium medium, BlobRef blob, long offset, Consumer<ByteBuffer> held)
            throws IOException {
        this.medium = medium;
        this.client = medium.client();
        this.blob = blob;
        this.partSize = partSize(blob);
        if (offset % partSize != 0) {
            throw DirectoryStaging.tooFew(blob, offset);
        }
        takeParts((int) (offset / partSize), held);
        buffer = nextBuffer();
    }

    /// The same for every process.
    static int partSize(BlobRef blob) {
        long mebibytes = Math.ceilDiv(Math.ceilDiv(blob.size(), MOST_PARTS), 1 << 20);
        return (int) Math.max(LEAST_PART, mebibytes << 20);
    }

    private static String folder(BlobRef blob) {
        return "%s%s-%d/".formatted(Names.PARTIAL, blob.sha256(), blob.size());
    }

    private String part(int number) {
        return folder(blob) + "%05d".formatted(number);
    }

    static long staged(S3Medium medium, BlobRef blob) throws IOException {
        int partSize = partSize(blob);
        if (blob.size() <= partSize) {
            return 0;
        }
        Set<String> full = new TreeSet<>();
        medium.list(
                folder(blob),
                entry -> {
                    if (entry.size() == partSize) {
                        full.add(entry.name());
                    }
                });
        int parts = 0;
        while (full.contains(folder(blob) + "%05d".formatted(parts))) {
            parts++;
        }
        return (long) parts * partSize;
    }

    private void takeParts(int count, Consumer<ByteBuffer> held) throws IOException {
        for (int number = 0; number < count; number++) {
            try (var content = medium.stream(part(number), 0)) {
                byte[] bytes = content.readNBytes(partSize + 1);
                if (bytes.length != partSize) {
                    throw new EOFException("a part has another size: " + part(number));
                }
                held.accept(ByteBuffer.wrap(bytes));
                etags.add(content.response().eTag());
            } catch (NoSuchFileException gone) {
                throw DirectoryStaging.tooFew(blob, (long) count * partSize);
            }
        }
    }

    private ByteBuffer nextBuffer() {
        long rest = blob.size() - (long) etags.size() * partSize;
        return ByteBuffer.allocate((int) Math.min(partSize, rest));
    }

    @Override
    public void write(ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            int length = Math.min(data.remaining(), buffer.remaining());
            buffer.put(data.slice(data.position(), length));
            data.position(data.position() + length);
            if (buffer.position() == partSize && blob.size() > partSize) {
                stagePart();
            }
        }
    }

    private void stagePart() throws IOException {
        String name = part(etags.size());
        etags.add(medium.problems().call(name, () -> put(name, Sha256.blob(buffer.array()))));
        buffer = nextBuffer();
    }

    /// Puts what is in the buffer, whole; the store compares the digest.
    private String put(String name, BlobRef content) {
        byte[] digest = HexFormat.of().parseHex(content.sha256());
        return client.putObject(
                        put ->
                                put.bucket(medium.bucket())
                                        .key(medium.key(name))
                                        .checksumSHA256(Base64.getEncoder().encodeToString(digest)),
                        body())
                .eTag();
    }

    private RequestBody body() {
        return RequestBody.fromRemainingByteBuffer(buffer.duplicate().flip());
    }

    @Override
    public void publish(String name) throws IOException {
        if (etags.isEmpty()) {
            medium.problems().call(name, () -> put(name, blob));
            return;
        }
        String upload =
                medium.problems()
                        .call(
                                name,
                                () ->
                                        client.createMultipartUpload(
                                                        create ->
                                                                create.bucket(medium.bucket())
                                                                        .key(medium.key(name)))
                                                .uploadId());
        try {
            complete(name, upload, copyParts(name, upload));
        } catch (IOException | RuntimeException problem) {
            abort(name, upload, problem);
            throw problem;
        }
        discard();
    }

    private List<CompletedPart> copyParts(String name, String upload) throws IOException {
        var done = new ConcurrentSkipListMap<Integer, CompletedPart>();
        var numbers = new ArrayList<Integer>();
        for (int number = 0; number < etags.size(); number++) {
            numbers.add(number);
        }
        medium.parallel()
                .each(
                        numbers,
                        number -> done.put(number, completed(number, copy(name, upload, number))));
        if (buffer.position() > 0) {
            int last = etags.size();
            done.put(last, completed(last, putLast(name, upload, last)));
        }
        return List.copyOf(done.values());
    }

    private static CompletedPart completed(int number, String etag) {
        return CompletedPart.builder().partNumber(number + 1).eTag(etag).build();
    }

    private String copy(String name, String upload, int number) throws IOException {
        return medium.problems()
                .call(
                        part(number),
                        () ->
                                client.uploadPartCopy(
                                                copy ->
                                                        copy.sourceBucket(medium.bucket())
                                                                .sourceKey(medium.key(part(number)))
                                                                .copySourceIfMatch(
                                                                        etags.get(number))
                                                                .destinationBucket(medium.bucket())
                                                                .destinationKey(medium.key(name))
                                                                .uploadId(upload)
                                                                .partNumber(number + 1))
                                        .copyPartResult()
                                        .eTag());
    }

    private String putLast(String name, String upload, int number) throws IOException {
        return medium.problems()
                .call(
                        name,
                        () ->
                                client.uploadPart(
                                                part ->
                                                        part.bucket(medium.bucket())
                                                                .key(medium.key(name))
                                                                .uploadId(upload)
                                                                .partNumber(number + 1),
                                                body())
                                        .eTag());
    }

    private void complete(String name, String upload, List<CompletedPart> parts)
            throws IOException {
        medium.problems()
                .call(
                        name,
                        () -> {
                            try {
                                return client.completeMultipartUpload(
                                                request ->
                                                        request.bucket(medium.bucket())
                                                                .key(medium.key(name))
                                                                .uploadId(upload)
                                                                .multipartUpload(
                                                                        all -> all.parts(parts)))
                                        .toString();
                            } catch (S3Exception problem) {
                                // A lost answer is asked for again, and then it is done already.
                                if (problem.statusCode() != 404 || !exists(name)) {
                                    throw problem;
                                }
                                return name;
                            }
                        });
    }

    private boolean exists(String name) throws IOException {
        var found = new ArrayList<Medium.Entry>();
        medium.list(name, found::add);
        return found.stream()
                .anyMatch(entry -> entry.name().equals(name) && entry.size() == blob.size());
    }

    private void abort(String name, String upload, Exception cause) {
        try {
            medium.problems()
                    .call(
                            name,
                            () ->
                                    client.abortMultipartUpload(
                                            abort ->
                                                    abort.bucket(medium.bucket())
                                                            .key(medium.key(name))
                                                            .uploadId(upload)));
        } catch (IOException | RuntimeException also) {
            cause.addSuppressed(also);
        }
    }

    @Override
    public void discard() throws IOException {
        if (blob.size() <= partSize) {
            return;
        }
        var parts = new ArrayList<String>();
        medium.list(folder(blob), entry -> parts.add(entry.name()));
        medium.delete(parts);
    }

    /// Full parts stay; the rest is sent again.
    @Override
    public void close() {
        buffer = ByteBuffer.allocate(0);
    }
}
