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

/**
 * Observes one request that matches taps, and the response to it, and publishes the events that these taps define.
 * Called by the proxy. Owned by one event loop.
 */
final class Observation implements Observer {

    /** A tap that matches the request, with the values of its path parameters. */
    record Match(TapRule rule, Map<String, String> segments) {}

    private final HttpServerRequest request;
    private final List<Match> matches;
    private final Taps taps;
    private final Optional<Body> requestBody;
    private Optional<Body> responseBody = Optional.empty();
    private List<Match> done = List.of();
    private MultiMap responseHeaders = MultiMap.caseInsensitiveMultiMap();

    Observation(HttpServerRequest request, List<Match> matches, Taps taps) {
        this.request = request;
        this.matches = matches;
        this.taps = taps;
        this.requestBody = body(Source.REQUEST, matches);
    }

    private Optional<Body> body(Source source, List<Match> candidates) {
        return candidates.stream()
                .map(Match::rule)
                .filter(rule -> rule.data() == source)
                .map(rule -> rule.tap().maxBody())
                .max(Integer::compare)
                .map(taps::body);
    }

    @Override
    public boolean readsResponse() {
        return matches.stream().anyMatch(match -> match.rule().data() == Source.RESPONSE);
    }

    @Override
    public void requestBody(Buffer chunk) {
        requestBody.ifPresent(body -> body.add(chunk));
    }

    @Override
    public void responseHead(int status, MultiMap headers) {
        done = matches.stream().filter(match -> match.rule().isDone(status)).toList();
        responseBody = body(Source.RESPONSE, done);
        if (responseBody.isPresent()) {
            responseHeaders = MultiMap.caseInsensitiveMultiMap().addAll(headers);
        }
    }

    @Override
    public void responseBody(Buffer chunk) {
        responseBody.ifPresent(body -> body.add(chunk));
    }

    @Override
    public void responseEnd() {
        List<Match> completed = done;
        done = List.of();
        completed.forEach(this::publish);
    }

    private void publish(Match match) {
        try {
            taps.publish(
                    match.rule(),
                    match.rule().draft(match.segments(), data(match.rule().data())));
        } catch (Lost lost) {
            taps.record(match.rule(), lost.outcome());
        }
    }

    private JsonText data(Source source) throws Lost {
        if (source == Source.REQUEST && !request.isEnded()) {
            throw new Lost(Outcome.CUT_OFF);
        }
        return switch (source) {
            case REQUEST -> requestBody.orElseThrow().json(request.headers());
            case RESPONSE -> responseBody.orElseThrow().json(responseHeaders);
            case NONE -> JsonText.trusted("null");
        };
    }

    /** Ends the observation when the exchange has ended, whether successfully or not. */
    void ended() {
        List<Match> unfinished = done;
        done = List.of();
        unfinished.forEach(match -> taps.record(match.rule(), Outcome.CUT_OFF));
        requestBody.ifPresent(Body::drop);
        responseBody.ifPresent(Body::drop);
    }
}
