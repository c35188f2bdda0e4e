package io.tidegate.adapter.tap;

import io.tidegate.adapter.tap.Body.Lost;
import io.tidegate.adapter.tap.Tap.Source;
import io.tidegate.adapter.tap.TapMetrics.Outcome;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Topic;
import io.tidegate.journal.Journal;
import io.tidegate.problem.ProblemException;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** A parsed {@link Tap}, which matches requests and builds an event for each match. Owned by one event loop. */
final class TapRule {

    private final Tap tap;
    private final Pattern pattern;
    private final Statuses statuses;
    private final Key key;
    private final EventType type;
    private final Kind kind;
    private final Journal journal;
    private final Clock clock;

    TapRule(Tap tap, Journal journal, Clock clock) {
        this.tap = tap;
        this.pattern = Pattern.of(tap.on());
        this.statuses = Statuses.of(tap.when());
        this.key = Key.of(tap.key(), pattern, tap.data());
        this.type = new EventType(tap.type());
        this.kind = new Topic(pattern.fill(tap.topic(), name -> "x")).kind();
        this.journal = journal;
        this.clock = clock;
    }

    Tap tap() {
        return tap;
    }

    Kind kind() {
        return kind;
    }

    Source data() {
        return tap.data();
    }

    Optional<Map<String, String>> match(String method, String path) {
        return pattern.match(method, path);
    }

    boolean isDone(int status) {
        return statuses.has(status);
    }

    /**
     * Builds the event for one request.
     *
     * @param segments the values of the path parameters
     * @param body the body that contains the data; ignored if the data does not come from a body
     * @throws Lost if no event can be created
     */
    Draft draft(Map<String, String> segments, JsonText body) throws Lost {
        try {
            Optional<String> found = key.equals(Key.NONE) ? Optional.empty() : key.find(segments, body);
            if (found.isEmpty() && !key.equals(Key.NONE)) {
                throw new Lost(Outcome.NO_KEY);
            }
            JsonText data = kind.hasMembers() ? member(found.orElse(""), body) : plain(segments, body);
            String name = Pattern.fill(tap.topic(), segments, other -> found.orElse(null));
            Draft draft = new Draft(new Topic(name), type, found, data);
            draft.checkMember();
            return draft;
        } catch (ProblemException | IllegalArgumentException invalid) {
            throw new Lost(Outcome.UNFIT);
        }
    }

    private JsonText plain(Map<String, String> segments, JsonText body) {
        if (tap.data() == Source.NONE) {
            JsonObject named = new JsonObject();
            segments.forEach(named::put);
            return JsonText.of(named);
        }
        return tap.pick().isEmpty() || !body.isObject()
                ? body
                : JsonText.of(picked(body.requireValues(Draft.MAX_MEMBER_VALUES).object()));
    }

    private JsonText member(String member, JsonText body) throws Lost {
        JsonText data = body;
        if (tap.data() == Source.NONE) {
            data = journal.latest(kind, member).map(Event::data).orElse(JsonText.of(new JsonObject()));
        }
        if (!data.isObject()) {
            throw new Lost(Outcome.UNFIT);
        }
        data.requireValues(Draft.MAX_MEMBER_VALUES);
        if (!tap.pick().isEmpty()) {
            data = JsonText.of(picked(data.object()));
        }
        if (!data.scalar(kind.identity()).equals(Optional.of(member))) {
            data = JsonText.of(data.object().put(kind.identity(), member));
        }
        JsonText whole = data;
        return kind.lifecycle()
                .ending()
                .filter(ending -> ending.type().equals(type))
                .map(ending -> ending.ended(whole, clock.instant()))
                .orElse(whole);
    }

    private JsonObject picked(JsonObject whole) {
        JsonObject part = new JsonObject();
        for (String name : tap.pick()) {
            if (whole.containsKey(name)) {
                part.put(name, whole.getValue(name));
            }
        }
        return part;
    }
}
