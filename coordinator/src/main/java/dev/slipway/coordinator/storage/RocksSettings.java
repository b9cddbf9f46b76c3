package dev.slipway.coordinator.storage;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WALRecoveryMode;

/// How RocksDB is set up; owns the native objects behind that.
///
/// Everything acknowledged is synced, so a torn end of the write-ahead log holds nothing that
/// anybody was told of: it is dropped. Damage anywhere else is an error, never skipped.
final class RocksSettings implements AutoCloseable {
    private static final long CACHE_BYTES = 64 << 20;
    private static final long WRITE_BUFFER_BYTES = 16 << 20;

    /// Families share one log: it is kept until the slowest family has flushed, but no longer.
    private static final long LOG_BYTES = 256 << 20;

    private final Cache cache = new LRUCache(CACHE_BYTES);
    private final BloomFilter bloom = new BloomFilter(10, false);

    final Options listing = new Options();

    final DBOptions database =
            new DBOptions()
                    .setCreateIfMissing(true)
                    .setMaxBackgroundJobs(2)
                    .setMaxTotalWalSize(LOG_BYTES)
                    .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                    .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                    .setKeepLogFileNum(4)
                    .setMaxOpenFiles(512);

    final ColumnFamilyOptions family =
            new ColumnFamilyOptions()
                    .setWriteBufferSize(WRITE_BUFFER_BYTES)
                    .setMaxWriteBufferNumber(3)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION)
                    .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION)
                    .setLevelCompactionDynamicLevelBytes(true)
                    .setTableFormatConfig(
                            new BlockBasedTableConfig()
                                    .setBlockCache(cache)
                                    .setFilterPolicy(bloom)
                                    .setCacheIndexAndFilterBlocks(true)
                                    .setPinL0FilterAndIndexBlocksInCache(true)
                                    .setFormatVersion(5));

    @Override
    public void close() {
        database.close();
        family.close();
        listing.close();
        bloom.close();
        cache.close();
    }
}
