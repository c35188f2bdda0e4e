package io.tidegate.http;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a request target is accepted. A target is forwarded as received, so the origin and all programs
 * behind it must interpret it as the gateway does: all {@link PathReadings} must select the same origin, gateway route
 * and rate. For the gateway's own routes and for paths that no origin covers, the target must also be
 * {@link RequestTarget#isPlain plain}. Owned by one event loop.
 */
final class TargetCheck {

    private static final Logger LOG = LoggerFactory.getLogger(TargetCheck.class);
    private static final long LOG_INTERVAL = Duration.ofSeconds(1).toNanos();
    private static final int MAX_LOGGED = 200;

    private static final Pattern MALFORMED_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern UNPRINTABLE = Pattern.compile("[^!#-~]");

    /**
     * The origin, the route and the rate that a path selects.
     *
     * @param origin the prefix of the origin; empty if no origin covers the path
     * @param route the path of the gateway's own route; empty if no route matches the path
     * @param rate the name of the rate that applies
     */
    record Selected(String origin, String route, String rate) {}

    private final Function<String, Selected> selection;
    private long logAgain = System.nanoTime();
    private int unlogged;

    /**
     * Creates a check that uses the given function.
     *
     * @param selection returns what a path selects, without decoding the path
     */
    TargetCheck(Function<String, Selected> selection) {
        this.selection = selection;
    }

    void check(RoutingContext ctx) {
        Optional<String> refusal = refusal(ctx.request().uri());
        if (refusal.isEmpty()) {
            ctx.next();
            return;
        }
        log(refusal.get(), ctx.request().uri());
        ctx.fail(Problem.of(Code.INVALID_TARGET, refusal.get()).toException());
    }

    /** Returns the rule that a target, as received, violates, or empty if the target is accepted. */
    Optional<String> refusal(String uri) {
        String path = path(uri);
        if (!path.startsWith("/")) {
            return Optional.of("the path must begin with a slash");
        } else if (uri.chars().anyMatch(c -> c <= ' ' || c == 0x7f || c == '#')) {
            return Optional.of("the target must not contain spaces, control characters and #");
        } else if (isEverywhereTheSame(path)) {
            return isUtf8(uri) ? Optional.empty() : Optional.of("the target must be UTF-8");
        } else if (MALFORMED_ESCAPE.matcher(path).find() || path.contains("%00")) {
            return Optional.of("the path must not contain malformed escapes and %00");
        } else if (PathReadings.leavesRoot(path)) {
            return Optional.of("the path must not lead above its root");
        } else if (!isUtf8(uri)) {
            return Optional.of("the target must be UTF-8");
        }
        return refusalOfReadings(uri, path);
    }

    private Optional<String> refusalOfReadings(String uri, String path) {
        Optional<Set<String>> readings = PathReadings.of(path);
        if (readings.isEmpty()) {
            return Optional.of("the path must not be escaped several times");
        }
        Selected literal = selection.apply(path);
        Selected selected = selection.apply(PathReadings.equivalent(path));
        Set<Selected> found =
                readings.get().stream().map(selection).collect(Collectors.toCollection(LinkedHashSet::new));
        boolean forwarded = !literal.origin().isEmpty()
                || found.stream().anyMatch(reading -> !reading.origin().isEmpty());
        if (forwarded && (found.size() > 1 || !literal.origin().equals(selected.origin()))) {
            return Optional.of("the path must select the same origin, rate and route however it is decoded");
        }
        boolean own = !forwarded || !selected.route().isEmpty();
        return own && !RequestTarget.isPlain(uri) ? Optional.of("the path must be in plain form") : Optional.empty();
    }

    /** Returns whether the path obviously has only one reading, as most paths do. */
    private static boolean isEverywhereTheSame(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean afterSlash = i > 0 && path.charAt(i - 1) == '/';
            if (c == '%' || c == ';' || c == '\\' || c > '~' || afterSlash && (c == '/' || c == '.')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUtf8(String uri) {
        if (uri.chars().allMatch(c -> c < 0x80)) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(uri.getBytes(StandardCharsets.ISO_8859_1)));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** Logs at most one refusal per second. The query is omitted because it may contain credentials. */
    private void log(String reason, String uri) {
        if (!LOG.isDebugEnabled()) {
            return;
        }
        if (System.nanoTime() - logAgain < 0) {
            unlogged++;
            return;
        }
        String path = UNPRINTABLE.matcher(path(uri)).replaceAll("?");
        LOG.debug(
                "event=target-refused reason=\"{}\" path=\"{}\" unlogged={}",
                reason,
                path.length() > MAX_LOGGED ? path.substring(0, MAX_LOGGED) : path,
                unlogged);
        logAgain = System.nanoTime() + LOG_INTERVAL;
        unlogged = 0;
    }
}
