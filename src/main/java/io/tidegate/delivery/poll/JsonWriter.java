package io.tidegate.delivery.poll;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.JsonText;
import io.tidegate.journal.Page;
import io.tidegate.journal.ResumeStatus;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Writes pages and lists as JSON. Published data is copied without being parsed again. */
final class JsonWriter {

    /** Writes the members of an object. */
    private interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    private JsonWriter() {}

    /**
     * Writes a page.
     *
     * @param resume the resume status of the request's cursor; empty if the request had no cursor
     * @param member the member to which the events belong, which is written first, under the name of its kind
     */
    static Buffer page(Page page, Optional<Resume> resume, Optional<Event> member) {
        return object(json -> {
            if (member.isPresent()) {
                json.writeFieldName(member.get().kind().singular());
                json.writeRawValue(member.get().data().toString());
            }
            json.writeArrayFieldStart("events");
            for (Event event : page.events()) {
                event(json, event);
            }
            json.writeEndArray();
            json.writeStringField("cursor", page.next().toString());
            json.writeBooleanField("gap", page.gap());
            if (resume.isPresent()) {
                resume(json, resume.get());
            }
            json.writeBooleanField("more", page.more());
        });
    }

    /**
     * Writes the data of the events as an array with the given name.
     *
     * @param freshness the freshness of the list if an origin owns it
     */
    static Buffer list(String name, List<Event> events, Cursor cursor, Optional<Freshness> freshness) {
        return object(json -> {
            json.writeArrayFieldStart(name);
            for (Event event : events) {
                json.writeRawValue(event.data().toString());
            }
            json.writeEndArray();
            json.writeStringField("cursor", cursor.toString());
            if (freshness.isPresent()) {
                stale(json, freshness.get().staleSince());
            }
        });
    }

    private static void resume(JsonGenerator json, Resume resume) throws IOException {
        json.writeStringField("resume", resume.status().text());
        if (resume.status() != ResumeStatus.CONTINUED) {
            json.writeStringField("oldest", resume.oldest().toString());
            if (resume.snapshot().isPresent()) {
                json.writeStringField("snapshot", resume.snapshot().get());
            }
        }
    }

    private static void stale(JsonGenerator json, Optional<Instant> since) throws IOException {
        json.writeBooleanField("stale", since.isPresent());
        if (since.isPresent()) {
            json.writeStringField(
                    "stale_since", since.get().truncatedTo(ChronoUnit.MILLIS).toString());
        }
    }

    private static void event(JsonGenerator json, Event event) throws IOException {
        json.writeStartObject();
        json.writeStringField("cursor", event.cursor().toString());
        json.writeStringField("time", event.time().toString());
        json.writeStringField("topic", event.topic().name());
        json.writeStringField("type", event.type().name());
        if (event.key().isPresent()) {
            json.writeStringField("key", event.key().get());
        }
        json.writeFieldName("data");
        json.writeRawValue(event.data().toString());
        json.writeEndObject();
    }

    private static Buffer object(Members members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JsonText.JSON.createGenerator(bytes)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
