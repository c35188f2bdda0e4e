package io.tidegate.delivery.sse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Topic;
import io.tidegate.fixture.Cuts;
import io.tidegate.fixture.EventStreamParser;
import io.tidegate.fixture.EventStreamParser.Message;
import io.tidegate.fixture.Fuzz;
import io.tidegate.fixture.RandomJson;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;

/** Checks that an EventSource parses exactly the published events, regardless of their content. */
class FrameFuzzTest {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** A block that is written to a stream. */
    private sealed interface Step {
        record OfEvent(Framing framing, Event event, List<Event> list) implements Step {}

        record Snapshot(Cursor cursor, List<Event> list) implements Step {}

        record Control(Optional<Cursor> cursor, String name, JsonObject data) implements Step {}

        record Position(Cursor cursor) implements Step {}

        record Retry(long millis) implements Step {}
    }

    @Fuzz
    void anEventSourceReadsWhatWasWritten(@ForAll("steps") List<Step> steps, @ForAll("cuts") Cuts cuts) {
        byte[] bytes = written(steps);
        EventStreamParser parser = new EventStreamParser();
        List<Message> read = new ArrayList<>();
        for (byte[] part : cuts.split(bytes)) {
            read.addAll(parser.feed(part));
        }
        List<Message> expected = new ArrayList<>();
        String id = "";
        for (Step step : steps) {
            id = cursor(step).map(Cursor::toString).orElse(id);
            message(step, id).ifPresent(expected::add);
        }
        assertEquals(expected, read.stream().map(FrameFuzzTest::canonical).toList());
        assertEquals(id, parser.lastEventId());
        assertEquals(steps.size(), parser.dispatches(), "blocks must be neither split nor merged");
    }

    private static byte[] written(List<Step> steps) {
        FrameWriter writer = new FrameWriter();
        for (Step step : steps) {
            if (step instanceof Step.OfEvent of) {
                writer.event(of.framing(), of.event(), of.list());
            } else if (step instanceof Step.Snapshot of) {
                writer.snapshot(Kind.SESSIONS, of.cursor(), of.list());
            } else if (step instanceof Step.Control of) {
                of.cursor()
                        .ifPresentOrElse(
                                cursor -> writer.control(of.name(), cursor, of.data()),
                                () -> writer.control(of.name(), of.data()));
            } else if (step instanceof Step.Position of) {
                writer.position(of.cursor());
            } else if (step instanceof Step.Retry of) {
                writer.retry(of.millis());
            }
        }
        try (Frames frames = writer.frames()) {
            byte[] plain = frames.plain().getBytes();
            ByteBuf chunk = frames.chunk(0);
            byte[] asChunk = ByteBufUtil.getBytes(chunk);
            chunk.release();
            assertArrayEquals(chunked(plain), asChunk);
            return plain;
        }
    }

    private static byte[] chunked(byte[] plain) {
        byte[] head = (Integer.toHexString(plain.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(head, head.length + plain.length + 2);
        System.arraycopy(plain, 0, whole, head.length, plain.length);
        whole[whole.length - 2] = '\r';
        whole[whole.length - 1] = '\n';
        return whole;
    }

    private static Optional<Cursor> cursor(Step step) {
        if (step instanceof Step.OfEvent of) {
            return Optional.of(of.event().cursor());
        } else if (step instanceof Step.Snapshot of) {
            return Optional.of(of.cursor());
        } else if (step instanceof Step.Control of) {
            return of.cursor();
        }
        return step instanceof Step.Position of ? Optional.of(of.cursor()) : Optional.empty();
    }

    private static Optional<Message> message(Step step, String id) {
        if (step instanceof Step.OfEvent of) {
            String type = of.event().type().name();
            String data = of.event().data().toString();
            if (of.framing() instanceof Framing.OfKind kind) {
                String list = kind.list() ? ",\"sessions\":" + array(of.list()) : "";
                data = "{\"type\":\"" + type + "\",\"session\":" + data + list + "}";
            } else if (of.framing() instanceof Framing.Envelope) {
                data = "{\"type\":\"" + type + "\",\"payload\":" + data + "}";
            }
            String name = of.framing() instanceof Framing.Named ? type : "message";
            return Optional.of(canonical(new Message(name, data, id)));
        } else if (step instanceof Step.Snapshot of) {
            String data = "{\"type\":\"sessions\",\"sessions\":" + array(of.list()) + "}";
            return Optional.of(canonical(new Message("message", data, id)));
        } else if (step instanceof Step.Control of) {
            return Optional.of(canonical(new Message(of.name(), of.data().encode(), id)));
        }
        return Optional.empty();
    }

    private static String array(List<Event> list) {
        return list.stream().map(event -> event.data().toString()).collect(Collectors.joining(",", "[", "]"));
    }

    /** Returns the message with its data in a canonical form. */
    private static Message canonical(Message message) {
        try {
            JsonNode data = JSON.readTree(message.data());
            return new Message(message.type(), data.toString(), message.lastEventId());
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + message, e);
        }
    }

    @Provide
    Arbitrary<Cuts> cuts() {
        return Cuts.any();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Framing> framings = Arbitraries.of(
                new Framing.Named(),
                new Framing.Envelope(),
                new Framing.OfKind(Kind.SESSIONS, true),
                new Framing.OfKind(Kind.SESSIONS, false));
        Arbitrary<List<Event>> lists = events().list().ofMaxSize(3);
        Arbitrary<Step> event = Combinators.combine(framings, events(), lists).as(Step.OfEvent::new);
        Arbitrary<Step> snapshot = Combinators.combine(cursors(), lists).as(Step.Snapshot::new);
        Arbitrary<Step> control = Combinators.combine(
                        cursors().optional(),
                        Arbitraries.of("gateway.resume", "gateway.busy"),
                        RandomJson.texts().map(text -> new JsonObject().put("reason", text.replaceAll("\\p{Cs}", ""))))
                .as(Step.Control::new);
        Arbitrary<Step> position = cursors().map(Step.Position::new);
        Arbitrary<Step> retry = Arbitraries.longs().between(0, 100_000).map(Step.Retry::new);
        return Arbitraries.oneOf(event, event, snapshot, control, position, retry)
                .list()
                .ofMaxSize(8)
                .withoutEdgeCases();
    }

    private static Arbitrary<Event> events() {
        return Combinators.combine(
                        cursors(),
                        Arbitraries.strings()
                                .alpha()
                                .numeric()
                                .withChars("._:-")
                                .ofMinLength(1)
                                .ofMaxLength(128),
                        RandomJson.values())
                .as((cursor, type, data) -> new Event(
                        cursor,
                        Instant.EPOCH,
                        new Topic("sessions"),
                        new EventType(type),
                        Optional.empty(),
                        JsonText.parse(data)));
    }

    private static Arbitrary<Cursor> cursors() {
        return Combinators.combine(
                        Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(32),
                        Arbitraries.longs().greaterOrEqual(0))
                .as(Cursor::new);
    }
}
