package dev.slipway.coordinator.api;

import com.google.protobuf.UnsafeByteOperations;

import dev.slipway.cluster.v1.CheckpointEnd;
import dev.slipway.cluster.v1.CheckpointServiceGrpc;
import dev.slipway.cluster.v1.FileBegin;
import dev.slipway.cluster.v1.FileEnd;
import dev.slipway.cluster.v1.StreamCheckpointRequest;
import dev.slipway.cluster.v1.StreamCheckpointResponse;
import dev.slipway.coordinator.api.Checkpoints.Checkpoint;
import dev.slipway.coordinator.api.Checkpoints.Part;

import io.grpc.stub.StreamObserver;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The leader's data, for a standby that has lost touch with the logs.
final class CheckpointApi extends CheckpointServiceGrpc.CheckpointServiceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointApi.class);
    private static final int PIECE = 256 << 10;

    private final Calls calls;
    private final Leadership leadership;
    private final Checkpoints checkpoints;

    CheckpointApi(Calls calls, ApiParts parts) {
        this.calls = calls;
        this.leadership = parts.leadership();
        this.checkpoints = parts.checkpoints();
    }

    @Override
    public void streamCheckpoint(
            StreamCheckpointRequest request, StreamObserver<StreamCheckpointResponse> answers) {
        calls.stream(answers, out -> send(request, out));
    }

    private void send(StreamCheckpointRequest request, ServerStream<StreamCheckpointResponse> out)
            throws IOException, InterruptedException {
        leadership.require();
        try (Checkpoint checkpoint = checkpoints.take()) {
            LOG.info(
                    "Sending a checkpoint. to={} position={} files={}",
                    request.getMemberId(),
                    checkpoint.position(),
                    checkpoint.parts().size());
            for (Part part : checkpoint.parts()) {
                send(checkpoint, part, out);
            }
            out.send(
                    StreamCheckpointResponse.newBuilder()
                            .setComplete(
                                    CheckpointEnd.newBuilder()
                                            .setFiles(checkpoint.parts().size())
                                            .setPosition(checkpoint.position()))
                            .build());
        }
    }

    private static void send(
            Checkpoint checkpoint, Part part, ServerStream<StreamCheckpointResponse> out)
            throws IOException, InterruptedException {
        out.send(
                StreamCheckpointResponse.newBuilder()
                        .setBegin(FileBegin.newBuilder().setPath(part.path()).setSize(part.size()))
                        .build());
        MessageDigest digest = sha256();
        long rest = part.size();
        try (var in = Files.newInputStream(checkpoint.root().resolve(part.path()))) {
            while (rest > 0) {
                byte[] piece = in.readNBytes((int) Math.min(PIECE, rest));
                if (piece.length == 0) {
                    throw new EOFException(part.path() + " lacks " + rest + " bytes");
                }
                digest.update(piece);
                rest -= piece.length;
                out.send(
                        StreamCheckpointResponse.newBuilder()
                                .setData(UnsafeByteOperations.unsafeWrap(piece))
                                .build());
            }
        }
        String hex = HexFormat.of().formatHex(digest.digest());
        out.send(
                StreamCheckpointResponse.newBuilder()
                        .setEnd(FileEnd.newBuilder().setSha256(hex))
                        .build());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
