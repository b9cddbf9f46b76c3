package dev.slipway.coordinator.storage;

import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Compares the checksums of table files one by one, so that each damaged one is named.
final class RocksCheck {
    private RocksCheck() {}

    static List<Problem> files(Path folder, List<LiveFileMetaData> live) {
        var found = new ArrayList<Problem>();
        for (LiveFileMetaData file : live) {
            Path path = folder.resolve(file.fileName().replaceFirst("^/+", ""));
            try (var options = new Options();
                    var reader = new SstFileReader(options)) {
                reader.open(path.toString());
                reader.verifyChecksum();
            } catch (RocksDBException damaged) {
                found.add(new Problem(path.toString(), String.valueOf(damaged.getMessage())));
            }
        }
        return found;
    }
}
