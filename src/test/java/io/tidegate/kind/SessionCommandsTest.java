package io.tidegate.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Verb;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class SessionCommandsTest {

    @Test
    void theListIsWhatWasCreatedAndNotTerminated(Vertx vertx) {
        GatedJournal journal = new GatedJournal();
        Gateway gateway = new Gateway(vertx, journal, Gateway.plain(Kind.SESSIONS, journal, Clock.systemUTC()));
        run(gateway, Verb.CREATE, "", new JsonObject().put("id", "a"));
        run(gateway, Verb.CREATE, "", new JsonObject().put("id", "b"));
        run(gateway, Verb.PATCH, "a", new JsonObject().put("n", 1));
        run(gateway, Verb.DELETE, "b", new JsonObject());

        List<Event> sessions = journal.latest(Kind.SESSIONS).events();
        assertEquals(1, sessions.size());
        assertEquals("session_updated", sessions.get(0).type().name());
        assertEquals(1, sessions.get(0).data().object().getInteger("n"));

        Outcome.Done again = run(gateway, Verb.CREATE, "", new JsonObject().put("id", "b"));
        assertEquals(201, again.status());
    }

    private static Outcome.Done run(Gateway gateway, Verb verb, String key, JsonObject body) {
        Outcome outcome = Gateway.await(gateway.command(Command.address(Kind.SESSIONS), new Command(verb, key, body)));
        return assertInstanceOf(Outcome.Done.class, outcome);
    }
}
