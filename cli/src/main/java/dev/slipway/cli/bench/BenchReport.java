package dev.slipway.cli.bench;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What was measured, for people and for programs.
final class BenchReport {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9};

    private final BenchSettings settings;
    private final Measurements measurements;
    private final Measurements logs;

    /// @param logs where log throughput was measured; may be the same
    BenchReport(BenchSettings settings, Measurements measurements, Measurements logs) {
        this.settings = settings;
        this.measurements = measurements;
        this.logs = logs;
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(
                "%d agents with %d slots on %d connections, %d jobs%s"
                        .formatted(
                                settings.agents(),
                                settings.slots(),
                                settings.connections(),
                                settings.jobs(),
                                settings.rate() > 0 ? " at " + settings.rate() + "/s" : ""));
        if (settings.jobs() > 0) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "job starts            %.0f /s",
                            measurements.startsPerSecond()));
            lines.add("submit → answer       " + percentiles(measurements.submit));
            lines.add("submit → start        " + percentiles(measurements.submitToStart));
            lines.add("finish → recorded     " + percentiles(measurements.finishToRecorded));
        }
        if (logs.logByteCount() > 0) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "log throughput        %.1f MB/s until durable (%.0f MB)",
                            logs.logBytesPerSecond() / 1e6,
                            logs.logByteCount() / 1e6));
        }
        return lines;
    }

    private static String percentiles(Histogram histogram) {
        var text = new StringBuilder();
        for (double percentile : PERCENTILES) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "p%s %.1f ms  ",
                            percentile == 99.9 ? "99.9" : (int) percentile,
                            histogram.getValueAtPercentile(percentile) / 1e3));
        }
        return text.append(String.format(Locale.ROOT, "max %.1f ms", histogram.getMaxValue() / 1e3))
                .toString();
    }

    String json() {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("agents", Value.of(settings.agents()));
        fields.put("slots", Value.of(settings.slots()));
        fields.put("connections", Value.of(settings.connections()));
        fields.put("jobs", Value.of(settings.jobs()));
        fields.put("rate", Value.of(settings.rate()));
        fields.put("log_bytes", Value.of((double) settings.logBytes()));
        fields.put("starts", Value.of((double) measurements.startCount()));
        fields.put("starts_per_second", Value.of(measurements.startsPerSecond()));
        fields.put("submit_ms", object(measurements.submit));
        fields.put("submit_to_start_ms", object(measurements.submitToStart));
        fields.put("finish_to_recorded_ms", object(measurements.finishToRecorded));
        fields.put("log_bytes_per_second", Value.of(logs.logBytesPerSecond()));
        return Json.compact(Value.object(fields));
    }

    private static Value object(Histogram histogram) {
        Map<String, Value> values = new LinkedHashMap<>();
        for (double percentile : PERCENTILES) {
            String name = percentile == 99.9 ? "p999" : "p" + (int) percentile;
            values.put(name, Value.of(histogram.getValueAtPercentile(percentile) / 1e3));
        }
        values.put("max", Value.of(histogram.getMaxValue() / 1e3));
        return Value.object(values);
    }
}
