package dev.slipway.coordinator.servers;

import dev.slipway.coordinator.settings.Address;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.Ids;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// The bookie's name, made at the first start and kept beside its data. So a bookie whose disk was
/// erased is a new one, and what the old one held is copied again, instead of being taken for one
/// that still has it.
final class BookieIdentity {
    private static final String FILE = "bookie-id";
    private static final int RANDOM_DIGITS = 8;

    private BookieIdentity() {}

    static String of(Path data, Address address, Ids ids) {
        Path file = data.resolve(FILE);
        try {
            if (Files.exists(file)) {
                String kept = Files.readString(file).strip();
                if (!kept.matches("[A-Za-z0-9._-]{1,200}")) {
                    throw new SlipwayException(
                            ErrorCode.STORAGE_FAILED,
                            file + " does not hold a bookie's id; restore it from a copy");
                }
                return kept;
            }
            String id =
                    "%s-%d-%s"
                            .formatted(
                                    address.host().replaceAll("[^A-Za-z0-9.-]", "-"),
                                    address.port(),
                                    ids.fresh().substring(0, RANDOM_DIGITS));
            Files.createDirectories(data);
            Path fresh = data.resolve(FILE + ".new");
            Files.writeString(
                    fresh,
                    id + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            return id;
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "--data: %s cannot be used: %s".formatted(data, problem),
                    problem);
        }
    }
}
