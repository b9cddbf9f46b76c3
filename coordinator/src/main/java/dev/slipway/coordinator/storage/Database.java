package dev.slipway.coordinator.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/// One RocksDB instance and its tables (a column family each). Reads may come from any thread;
/// commits too, though in practice one thread commits what must be ordered.
public final class Database implements AutoCloseable {
    private static final long BLOCK_CACHE_BYTES = 64L << 20;
    private static final long WRITE_BUFFER_BYTES = 16L << 20;
    private static final long MAX_WAL_BYTES = 128L << 20;

    static {
        RocksDB.loadLibrary();
    }

    private final Path folder;
    private final RocksDB rocks;
    private final DBOptions options;
    private final ColumnFamilyOptions familyOptions;
    private final LRUCache cache;
    private final BloomFilter filter;
    private final Map<String, ColumnFamilyHandle> handles = new HashMap<>();
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteOptions unsynced = new WriteOptions();

    private Database(Path folder, List<String> names, boolean readOnly) {
        this.folder = folder;
        cache = new LRUCache(BLOCK_CACHE_BYTES);
        filter = new BloomFilter(10);
        familyOptions = familyOptions(cache, filter);
        options =
                new DBOptions()
                        .setCreateIfMissing(!readOnly)
                        .setCreateMissingColumnFamilies(!readOnly)
                        .setMaxOpenFiles(512)
                        .setMaxTotalWalSize(MAX_WAL_BYTES)
                        .setKeepLogFileNum(4)
                        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL);
        var descriptors = new ArrayList<ColumnFamilyDescriptor>();
        for (String name : names) {
            descriptors.add(new ColumnFamilyDescriptor(name.getBytes(UTF_8), familyOptions));
        }
        var opened = new ArrayList<ColumnFamilyHandle>();
        try {
            rocks =
                    readOnly
                            ? RocksDB.openReadOnly(options, folder.toString(), descriptors, opened)
                            : RocksDB.open(options, folder.toString(), descriptors, opened);
        } catch (RocksDBException problem) {
            closeOptions();
            throw StorageFailure.opening(folder.toString(), problem);
        }
        for (int i = 0; i < names.size(); i++) {
            handles.put(names.get(i), opened.get(i));
        }
    }

    /// Opens the database in `folder` for reading and writing and makes what is missing. Tables on
    /// disk that are not in `tables` are kept as they are.
    ///
    /// @throws SlipwayException STORAGE_FAILED, with the folder, the reason and what to do
    public static Database open(Path folder, List<TableSpec<?, ?>> tables) {
        try {
            Files.createDirectories(folder);
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot make the folder %s: %s. Choose a --data that you may write to."
                            .formatted(folder, problem.getMessage()),
                    problem);
        }
        var names = new ArrayList<>(namesOnDisk(folder));
        if (names.isEmpty()) {
            names.add("default");
        }
        for (TableSpec<?, ?> table : tables) {
            if (!names.contains(table.name())) {
                names.add(table.name());
            }
        }
        return new Database(folder, names, false);
    }

    /// Opens what is there, beside a live writer if need be: this sees the moment of opening.
    ///
    /// @throws SlipwayException STORAGE_FAILED when there is no database
    public static Database openReadOnly(Path folder) {
        List<String> names = namesOnDisk(folder);
        if (names.isEmpty()) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "There is no database in %s yet: nothing has run here.".formatted(folder));
        }
        return new Database(folder, names, true);
    }

    public <K, V> Table<K, V> table(TableSpec<K, V> spec) {
        return new Table<>(this, spec, handles.get(spec.name()));
    }

    public Batch batch() {
        return new Batch(this::place);
    }

    /// Writes a batch at once and whole.
    ///
    /// @param durable whether it must survive a power cut before this returns
    /// @throws SlipwayException STORAGE_FAILED; whether the batch was written is then unknown
    public void commit(Batch batch, boolean durable) {
        try {
            rocks.write(durable ? synced : unsynced, batch.changes());
        } catch (RocksDBException problem) {
            throw StorageFailure.writing(place(), problem);
        }
    }

    /// Makes a consistent copy in `target`, which must not exist; files are linked where possible.
    public void checkpoint(Path target) {
        try (Checkpoint checkpoint = Checkpoint.create(rocks)) {
            checkpoint.createCheckpoint(target.toString());
        } catch (RocksDBException problem) {
            throw StorageFailure.writing(target.toString(), problem);
        }
    }

    RocksDB rocks() {
        return rocks;
    }

    String place() {
        return folder.toString();
    }

    private static List<String> namesOnDisk(Path folder) {
        if (!Files.exists(folder.resolve("CURRENT"))) {
            return List.of();
        }
        try (Options plain = new Options()) {
            var names = new ArrayList<String>();
            for (byte[] name : RocksDB.listColumnFamilies(plain, folder.toString())) {
                names.add(new String(name, UTF_8));
            }
            return names;
        } catch (RocksDBException problem) {
            throw StorageFailure.opening(folder.toString(), problem);
        }
    }

    private static ColumnFamilyOptions familyOptions(LRUCache cache, BloomFilter filter) {
        return new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true)
                .setTableFormatConfig(
                        new BlockBasedTableConfig()
                                .setBlockCache(cache)
                                .setFilterPolicy(filter)
                                .setFormatVersion(5));
    }

    private void closeOptions() {
        options.close();
        familyOptions.close();
        filter.close();
        cache.close();
        synced.close();
        unsynced.close();
    }

    @Override
    public void close() {
        for (ColumnFamilyHandle handle : handles.values()) {
            handle.close();
        }
        rocks.close();
        closeOptions();
    }
}
