package io.tidegate.delivery.poll;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.journal.Page;
import io.tidegate.journal.ResumeStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Writes pages and lists as JSON. Published data is copied without being parsed again. */
final class JsonWriter {

    private final Buffer out = Buffer.buffer(1024);

    /**
     * Writes a page.
     *
     * @param resume resume status of the cursor in the request; empty if there was no cursor
     * @param member the member to which the events belong, written first under the name of its kind
     */
    static Buffer page(Page page, Optional<Resume> resume, Optional<Event> member) {
        return new JsonWriter().wholePage(page, resume, member).out;
    }

    private JsonWriter wholePage(Page page, Optional<Resume> resume, Optional<Event> member) {
        text("{");
        member.ifPresent(
                event -> text("\"").text(event.kind().singular()).text("\":").text(event.data() + ","));
        text("\"events\":[");
        for (int i = 0; i < page.events().size(); i++) {
            text(i == 0 ? "" : ",").event(page.events().get(i));
        }
        text("],\"cursor\":\"").text(page.next().toString()).text("\"");
        text(",\"gap\":").text(Boolean.toString(page.gap()));
        resume.ifPresent(this::resume);
        return text(",\"more\":").text(Boolean.toString(page.more())).text("}");
    }

    private void resume(Resume resume) {
        text(",\"resume\":\"").text(resume.status().text()).text("\"");
        if (resume.status() != ResumeStatus.CONTINUED) {
            text(",\"oldest\":\"").text(resume.oldest().toString()).text("\"");
            resume.snapshot()
                    .ifPresent(path -> text(",\"snapshot\":\"").text(path).text("\""));
        }
    }

    /**
     * Writes the data of each event as an array with the given name.
     *
     * @param freshness freshness of the list if an origin owns it
     */
    static Buffer list(String name, List<Event> events, Cursor cursor, Optional<Freshness> freshness) {
        JsonWriter writer = new JsonWriter().wholeList(name, events, cursor);
        freshness.ifPresent(known -> writer.stale(known.staleSince()));
        return writer.text("}").out;
    }

    private JsonWriter wholeList(String name, List<Event> events, Cursor cursor) {
        text("{\"").text(name).text("\":[");
        for (int i = 0; i < events.size(); i++) {
            text(i == 0 ? "" : ",").text(events.get(i).data().toString());
        }
        return text("],\"cursor\":\"").text(cursor.toString()).text("\"");
    }

    private void stale(Optional<Instant> since) {
        text(",\"stale\":").text(Boolean.toString(since.isPresent()));
        since.ifPresent(when -> text(",\"stale_since\":\"")
                .text(when.truncatedTo(ChronoUnit.MILLIS).toString())
                .text("\""));
    }

    private JsonWriter event(Event event) {
        text("{\"cursor\":\"").text(event.cursor().toString());
        text("\",\"time\":\"").text(event.time().toString());
        text("\",\"topic\":\"").text(event.topic().name());
        text("\",\"type\":\"").text(event.type().name()).text("\",");
        event.key().ifPresent(key -> text("\"key\":").text(Json.encode(key)).text(","));
        return text("\"data\":").text(event.data().toString()).text("}");
    }

    private JsonWriter text(String text) {
        out.appendString(text);
        return this;
    }
}
