package dev.slipway.coordinator.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import dev.slipway.api.v1.ArtifactServiceGrpc;
import dev.slipway.api.v1.DownloadArtifactRequest;
import dev.slipway.api.v1.DownloadArtifactResponse;
import dev.slipway.api.v1.ListArtifactsRequest;
import dev.slipway.api.v1.ListArtifactsResponse;
import dev.slipway.coordinator.blobs.ArtifactStore;
import dev.slipway.coordinator.blobs.Manifest;
import dev.slipway.coordinator.blobs.ZipStream;
import dev.slipway.coordinator.model.Artifact;

import io.grpc.stub.StreamObserver;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// Files that jobs left behind. A download is a zip that is made as it is sent; since it always
/// comes out the same, one that broke off goes on from an offset.
final class ArtifactApi extends ArtifactServiceGrpc.ArtifactServiceImplBase {
    private static final int PIECE = 256 << 10;
    private static final int REMEMBERED = 1_000;

    private final Calls calls;
    private final RunReader runs;
    private final ArtifactStore artifacts;
    private final ZipStream zips;

    /// Length and digest of zips by manifest: making one is the only way to know.
    private final Map<String, Zip> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Zip> eldest) {
                    return size() > REMEMBERED;
                }
            };

    private record Zip(long size, String digest) {}

    ArtifactApi(Calls calls, ApiParts parts, RunReader runs) {
        this.calls = calls;
        this.runs = runs;
        this.artifacts = parts.artifacts();
        this.zips = new ZipStream(parts.blobs());
    }

    @Override
    public void listArtifacts(
            ListArtifactsRequest request, StreamObserver<ListArtifactsResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    runs.recorded(request.getRun());
                    var answer = ListArtifactsResponse.newBuilder();
                    artifacts
                            .list(request.getRun())
                            .forEach(row -> answer.addArtifacts(Messages.artifact(row)));
                    return answer.build();
                });
    }

    @Override
    public void downloadArtifact(
            DownloadArtifactRequest request, StreamObserver<DownloadArtifactResponse> answers) {
        calls.stream(answers, out -> download(request, out));
    }

    private void download(
            DownloadArtifactRequest request, ServerStream<DownloadArtifactResponse> out)
            throws IOException, InterruptedException {
        Artifact row = artifacts.find(request.getRun(), request.getName());
        Manifest manifest = artifacts.files(row);
        Zip zip = measure(row, manifest);
        Requests.require(
                request.getOffset() >= 0 && request.getOffset() <= zip.size(),
                "offset must be between 0 and %d".formatted(zip.size()));
        out.send(
                DownloadArtifactResponse.newBuilder()
                        .setSize(zip.size())
                        .setDigest(zip.digest())
                        .build());
        var pieces = new Pieces(out, request.getOffset());
        try {
            zips.write(manifest, pieces);
            pieces.flush();
        } catch (InterruptedIOException gone) {
            throw new InterruptedException(gone.getMessage());
        }
    }

    private Zip measure(Artifact row, Manifest manifest) throws IOException {
        synchronized (known) {
            Zip zip = known.get(row.digest());
            if (zip != null) {
                return zip;
            }
        }
        MessageDigest digest = sha256();
        var counted = new Counted();
        zips.write(manifest, new DigestOutputStream(counted, digest));
        var zip = new Zip(counted.count, "sha256:" + HexFormat.of().formatHex(digest.digest()));
        synchronized (known) {
            known.put(row.digest(), zip);
        }
        return zip;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /// Counts what is written to nowhere.
    private static final class Counted extends OutputStream {
        private long count;

        @Override
        public void write(int b) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            count += length;
        }
    }

    /// Cuts a stream into answers, leaving out its beginning.
    private static final class Pieces extends OutputStream {
        private final ServerStream<DownloadArtifactResponse> out;
        private final byte[] buffer = new byte[PIECE];
        private long skip;
        private int filled;

        Pieces(ServerStream<DownloadArtifactResponse> out, long skip) {
            this.out = out;
            this.skip = skip;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            int skipped = (int) Math.min(skip, length);
            skip -= skipped;
            int at = from + skipped;
            int end = from + length;
            while (at < end) {
                int part = Math.min(end - at, PIECE - filled);
                System.arraycopy(bytes, at, buffer, filled, part);
                filled += part;
                at += part;
                if (filled == PIECE) {
                    flush();
                }
            }
        }

        @Override
        public void flush() throws IOException {
            if (filled == 0) {
                return;
            }
            ByteString data = UnsafeByteOperations.unsafeWrap(buffer.clone(), 0, filled);
            filled = 0;
            try {
                out.send(DownloadArtifactResponse.newBuilder().setData(data).build());
            } catch (InterruptedException gone) {
                throw new InterruptedIOException("the caller has gone");
            }
        }
    }
}
