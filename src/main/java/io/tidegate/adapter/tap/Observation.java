package io.tidegate.adapter.tap;

import io.tidegate.adapter.tap.Body.Lost;
import io.tidegate.adapter.tap.Tap.Source;
import io.tidegate.adapter.tap.TapMetrics.Outcome;
import io.tidegate.event.JsonText;
import io.tidegate.proxy.Observer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One request that taps are on, as it passes. Owned by one event loop. */
final class Observation implements Observer {

    /** A tap and the open segments of the path. */
    record Match(TapRule rule, Map<String, String> segments) {}

    private final HttpServerRequest request;
    private final List<Match> matches;
    private final Taps taps;
    private final Optional<Body> sent;
    private Optional<Body> answered = Optional.empty();
    private List<Match> done = List.of();
    private MultiMap head = MultiMap.caseInsensitiveMultiMap();

    Observation(HttpServerRequest request, List<Match> matches, Taps taps) {
        this.request = request;
        this.matches = matches;
        this.taps = taps;
        this.sent = body(Source.REQUEST, matches);
    }

    private Optional<Body> body(Source source, List<Match> of) {
        return of.stream()
                .map(Match::rule)
                .filter(rule -> rule.data() == source)
                .map(rule -> rule.tap().maxBody())
                .max(Integer::compare)
                .map(taps::body);
    }

    @Override
    public void requestBody(Buffer chunk) {
        sent.ifPresent(body -> body.add(chunk));
    }

    @Override
    public void responseHead(int status, MultiMap headers) {
        done = matches.stream().filter(match -> match.rule().isDone(status)).toList();
        answered = body(Source.RESPONSE, done);
        if (answered.isPresent()) {
            head = MultiMap.caseInsensitiveMultiMap().addAll(headers);
        }
    }

    @Override
    public void responseBody(Buffer chunk) {
        answered.ifPresent(body -> body.add(chunk));
    }

    @Override
    public void responseEnd() {
        List<Match> ended = done;
        done = List.of();
        ended.forEach(this::publish);
    }

    private void publish(Match match) {
        try {
            taps.publish(
                    match.rule(),
                    match.rule().draft(match.segments(), data(match.rule().data())));
        } catch (Lost lost) {
            taps.tell(match.rule(), lost.outcome());
        }
    }

    private JsonText data(Source source) throws Lost {
        if (source == Source.REQUEST && !request.isEnded()) {
            throw new Lost(Outcome.CUT_OFF);
        }
        return switch (source) {
            case REQUEST -> sent.orElseThrow().json(request.headers());
            case RESPONSE -> answered.orElseThrow().json(head);
            case NONE -> JsonText.trusted("null");
        };
    }

    /** The request is over, well or not. */
    void over() {
        List<Match> unfinished = done;
        done = List.of();
        unfinished.forEach(match -> taps.tell(match.rule(), Outcome.CUT_OFF));
        sent.ifPresent(Body::drop);
        answered.ifPresent(Body::drop);
    }
}
