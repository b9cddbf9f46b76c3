package dev.slipway.coordinator.backup;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Asks the coordinator that serves a data directory for a backup.
public final class BackupCall {
    private BackupCall() {}

    /// @param data the coordinator's data directory
    /// @param to is the coordinator's to write; made absolute here
    public static Backups.Taken take(
            Path data, Path to, int keep, Consumer<Backups.Progress> listener) {
        Path socket = ControlSocket.of(data);
        if (!Files.exists(socket)) {
            throw new SlipwayException(
                    ErrorCode.FARM_UNREACHABLE,
                    "A process holds %s but takes no orders for backups yet (there is no %s). Try"
                                    .formatted(data, socket)
                            + " again in a moment.");
        }
        try (var address = new SocketPath(socket);
                SocketChannel channel = SocketChannel.open(address.get());
                var in = new DataInputStream(Channels.newInputStream(channel));
                var out = new DataOutputStream(Channels.newOutputStream(channel))) {
            out.writeInt(ControlSocket.VERSION);
            out.writeUTF(to.toAbsolutePath().normalize().toString());
            out.writeInt(keep);
            while (true) {
                switch (in.readByte()) {
                    case ControlSocket.PROGRESS ->
                            listener.accept(new Backups.Progress(in.readLong(), in.readLong()));
                    case ControlSocket.DONE -> {
                        Path folder = Path.of(in.readUTF());
                        return new Backups.Taken(
                                folder, BackupInfo.parse(in.readUTF(), "the coordinator's answer"));
                    }
                    default ->
                            throw new SlipwayException(
                                    ErrorCode.valueOf(in.readUTF()), in.readUTF());
                }
            }
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.FARM_UNREACHABLE,
                    "The coordinator of %s ended or cannot be reached (%s). Earlier backups are as"
                                    .formatted(data, problem)
                            + " they were; try again.",
                    problem);
        }
    }
}
