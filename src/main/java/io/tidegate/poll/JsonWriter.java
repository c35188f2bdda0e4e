package io.tidegate.poll;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.journal.Page;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.util.List;

/** Writes pages and lists; the published data goes in as it is, without being read again. */
final class JsonWriter {

    private final Buffer out = Buffer.buffer(1024);

    /** @param oldest named after a gap: what is left begins there */
    JsonWriter page(Page page, Cursor oldest) {
        text("{\"events\":[");
        for (int i = 0; i < page.events().size(); i++) {
            text(i == 0 ? "" : ",").event(page.events().get(i));
        }
        text("],\"cursor\":\"").text(page.next().toString()).text("\"");
        text(",\"gap\":").text(Boolean.toString(page.gap()));
        if (page.gap()) {
            text(",\"oldest\":\"").text(oldest.toString()).text("\"");
        }
        return text(",\"more\":").text(Boolean.toString(page.more())).text("}");
    }

    /** The data of each event as an array under the name. */
    JsonWriter list(String name, List<Event> events, String cursor) {
        text("{\"").text(name).text("\":[");
        for (int i = 0; i < events.size(); i++) {
            text(i == 0 ? "" : ",").text(events.get(i).data().toString());
        }
        return text("],\"cursor\":\"").text(cursor).text("\"}");
    }

    Buffer buffer() {
        return out;
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
