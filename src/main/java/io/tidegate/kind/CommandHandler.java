package io.tidegate.kind;

import io.tidegate.access.Caller;
import io.tidegate.edge.message.MediaType;
import io.tidegate.edge.message.OwnPaths;
import io.tidegate.event.Draft;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Operation;
import io.tidegate.event.Topic;
import io.tidegate.event.Verb;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles commands over HTTP: builds a {@link Command} from a request whose body has already been read, and responds
 * with the command's outcome. Every refusal fails the routing context with a {@link ProblemException}. Thread-safe.
 */
public final class CommandHandler implements Handler<RoutingContext> {

    /**
     * The response header with the position after the change. A stream or page that continues from there misses no
     * event.
     */
    public static final String CURSOR = "Tidegate-Cursor";
    /** The response header with the durability of the commit. It is omitted if there was nothing to commit. */
    public static final String DURABILITY = "Tidegate-Durability";

    private static final Logger LOG = LoggerFactory.getLogger(CommandHandler.class);

    private final EventBus bus;
    private final Kind kind;
    private final Function<String, Topic> topicOf;
    private final Verb verb;
    private final String parameter;
    private final OwnPaths paths;

    /**
     * Creates the handler of one of the kind's operations, whose events are published to the member's topic.
     *
     * @param paths determines the paths under which clients reach the members
     */
    public CommandHandler(EventBus bus, Kind kind, Operation operation, OwnPaths paths) {
        this(
                bus,
                kind,
                operation.parameter().isEmpty() ? key -> kind.topic() : kind::topicOf,
                operation.verb(),
                operation.parameter(),
                paths);
    }

    /**
     * Creates the handler of a command whose events may be published to another topic.
     *
     * @param topicOf returns the topic for a key; the caller must be allowed to publish to it. May throw a
     *     {@link ProblemException} for an invalid key
     * @param parameter the name of the path parameter with the key; empty if the kind chooses the key
     */
    public CommandHandler(EventBus bus, Kind kind, Function<String, Topic> topicOf, Verb verb, String parameter) {
        this(bus, kind, topicOf, verb, parameter, OwnPaths.PLAIN);
    }

    private CommandHandler(
            EventBus bus, Kind kind, Function<String, Topic> topicOf, Verb verb, String parameter, OwnPaths paths) {
        this.bus = bus;
        this.kind = kind;
        this.topicOf = topicOf;
        this.verb = verb;
        this.parameter = parameter;
        this.paths = paths;
    }

    @Override
    public void handle(RoutingContext ctx) {
        try {
            String key = key(ctx);
            Topic topic = topicOf.apply(key);
            if (!Caller.of(ctx).mayPublish(topic)) {
                throw Problem.of(Code.FORBIDDEN, "the token does not allow publishing to " + topic)
                        .toException();
            }
            send(ctx, new Command(verb, key, body(ctx)));
        } catch (ProblemException refused) {
            ctx.fail(refused);
        }
    }

    private void send(RoutingContext ctx, Command command) {
        bus.<Outcome>request(Command.address(kind), command)
                .map(Message::body)
                .onSuccess(outcome -> respond(ctx, outcome))
                .onFailure(failure -> ctx.fail(problem(failure).toException()));
    }

    private void respond(RoutingContext ctx, Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            ctx.fail(refused.problem().toException());
        } else if (outcome instanceof Outcome.Done done) {
            HttpServerResponse response = ctx.response()
                    .setStatusCode(done.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, MediaType.JSON.name())
                    .putHeader(CURSOR, done.cursor().toString());
            done.durability().ifPresent(durability -> response.putHeader(DURABILITY, durability.text()));
            if (done.status() == 201) {
                response.putHeader(
                        HttpHeaders.LOCATION, paths.reachable(ctx.request(), kind.path()) + "/" + done.key());
            }
            response.end(JsonText.of(done.body()).toString());
        }
    }

    private String key(RoutingContext ctx) {
        String key = parameter.isEmpty() ? "" : ctx.pathParam(parameter);
        return key == null ? "" : key;
    }

    private JsonObject body(RoutingContext ctx) {
        MediaType type = MediaType.of(ctx.request().getHeader(HttpHeaders.CONTENT_TYPE));
        Buffer bytes = ctx.body().buffer();
        boolean empty = bytes == null || bytes.length() == 0;
        if (!type.equals(MediaType.JSON) && !(empty && type.name().isEmpty())) {
            throw Problem.of(Code.UNSUPPORTED_MEDIA_TYPE, "the body must be " + MediaType.JSON.name())
                    .toException();
        }
        if (empty && (verb == Verb.CREATE || verb == Verb.DELETE)) {
            return new JsonObject();
        }
        if (empty) {
            throw Problem.of(Code.INVALID_BODY, "the body must not be empty").toException();
        }
        JsonText json = JsonText.parse(JsonText.decode(bytes.getBytes()));
        if (!json.isObject()) {
            throw Problem.of(Code.INVALID_BODY, "the body must be a JSON object")
                    .toException();
        }
        return json.requireValues(Draft.MAX_MEMBER_VALUES).object();
    }

    private Problem problem(Throwable failure) {
        if (failure instanceof ReplyException reply && reply.failureType() != ReplyFailure.RECIPIENT_FAILURE) {
            LOG.warn("event=command-unanswered kind={} verb={} cause={}", kind.plural(), verb, reply.failureType());
            return Problem.of(
                    Code.STORAGE_UNAVAILABLE, "the command was not confirmed; check the state before retrying");
        }
        LOG.error("event=command-failed kind={} verb={}", kind.plural(), verb, failure);
        return Problem.of(Code.INTERNAL, "the command failed");
    }
}
