package io.tidegate.journal.sqlite;

import io.tidegate.event.Event;
import io.tidegate.journal.retention.RetainedRange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Computes row checksums. SQLite detects damage to the structure of its file, but not to the values stored in it.
 *
 * <p>CRC-32C detects every change within 32 consecutive bits, and all but one in four billion other changes; processors
 * have an instruction for it. The checksums detect storage faults, not tampering: anyone who can write to the file can
 * also write a checksum. Must be used by one thread at a time.
 */
final class RowSum {

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    /**
     * Returns the checksum of an event: the low 32 bits cover the data, and the high 32 bits the other columns, because
     * most reads examine many rows without reading their data.
     */
    long event(long offset, long millis, String topic, String type, @Nullable String key, String data) {
        long head = head(offset, millis, topic, type, key);
        return head << 32 | Integer.toUnsignedLong(data(offset, data));
    }

    long event(Event event) {
        return event(
                event.offset(),
                event.time().toEpochMilli(),
                event.topic().name(),
                event.type().name(),
                event.key().orElse(null),
                event.data().toString());
    }

    /** Returns the checksum of a retained range. */
    long range(String kind, String topic, RetainedRange range) {
        return values(
                kind,
                topic,
                range.events(),
                range.weight(),
                range.floor(),
                range.first(),
                range.last(),
                range.lastMillis());
    }

    /** Returns whether an event's columns, apart from the data, match the row's checksum. */
    boolean headMatches(
            long sum, long offset, long millis, @Nullable String topic, @Nullable String type, @Nullable String key) {
        return (int) (sum >>> 32) == head(offset, millis, topic, type, key);
    }

    /** Returns whether an event's data matches the row's checksum. */
    boolean dataMatches(long sum, long offset, @Nullable String data) {
        return (int) sum == data(offset, data);
    }

    /** Returns the checksum of a row in any other table. */
    long values(@Nullable Object... values) {
        crc.reset();
        for (Object value : values) {
            if (value instanceof Number integer) {
                add(integer.longValue());
            } else {
                add((String) value);
            }
        }
        return crc.getValue();
    }

    private int head(long offset, long millis, @Nullable String topic, @Nullable String type, @Nullable String key) {
        crc.reset();
        add(offset);
        add(millis);
        add(topic);
        add(type);
        add(key);
        return (int) crc.getValue();
    }

    private int data(long offset, @Nullable String data) {
        crc.reset();
        add(offset);
        add(data);
        return (int) crc.getValue();
    }

    private void add(long value) {
        crc.update(number.putLong(0, value).array(), 0, Long.BYTES);
    }

    /** Adds text, preceded by its length, so that moving characters from one text to the next changes the checksum. */
    private void add(@Nullable String text) {
        if (text == null) {
            add(-1);
        } else {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            add(bytes.length);
            crc.update(bytes, 0, bytes.length);
        }
    }
}
