package dev.slipway.coordinator.storage;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// Says which folder failed, why, and what to do.
final class StorageFailure {
    private StorageFailure() {}

    static SlipwayException opening(String folder, RocksDBException problem) {
        return failure("open the database in " + folder, problem);
    }

    static SlipwayException reading(String folder, RocksDBException problem) {
        return failure("read the database in " + folder, problem);
    }

    static SlipwayException writing(String folder, RocksDBException problem) {
        return failure("write to the database in " + folder, problem);
    }

    private static SlipwayException failure(String what, RocksDBException problem) {
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "Cannot %s: %s. %s".formatted(what, problem.getMessage(), advice(problem)),
                problem);
    }

    private static String advice(RocksDBException problem) {
        Status status = problem.getStatus();
        String text = String.valueOf(problem.getMessage());
        if (text.contains("lock hold by current process") || text.contains("LOCK")) {
            return "Another coordinator uses this folder: stop it, or choose another --data.";
        }
        if (status != null && status.getSubCode() == Status.SubCode.NoSpace
                || text.contains("No space left")) {
            return "Free disk space, then start the coordinator again: nothing acknowledged is"
                    + " lost.";
        }
        if (status != null && status.getCode() == Status.Code.Corruption) {
            return "The named file is damaged: put back a copy of the data folder. Slipway does not"
                    + " go on, so that nothing is overwritten.";
        }
        return "Check the disk and the folder's permissions, then start the coordinator again.";
    }
}
