package io.tidegate.http;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Refuses request targets that two programs could read as two different paths, before anything is decided by a path:
 * what a guard here sees is what an origin will see. Everything but the origin form of
 * <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, 3.2</a> is refused too.
 */
final class Target implements Handler<RoutingContext> {

    private static final List<String> AMBIGUOUS = List.of("%2f", "%5c", "%00", "\\", "//", "#");
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-f]{2})");

    @Override
    public void handle(RoutingContext ctx) {
        if (plain(ctx.request().uri())) {
            ctx.next();
        } else {
            ctx.fail(Problem.of(Code.INVALID_TARGET, "the path is not in its plain form")
                    .toException());
        }
    }

    static boolean plain(String uri) {
        int query = uri.indexOf('?');
        String path = (query < 0 ? uri : uri.substring(0, query)).toLowerCase(Locale.ROOT);
        return path.startsWith("/")
                && AMBIGUOUS.stream().noneMatch(path::contains)
                && path.chars().allMatch(c -> c > ' ' && c < 0x7f)
                && !BROKEN_ESCAPE.matcher(path).find()
                && !hasDotSegment(path.replace("%2e", "."));
    }

    private static boolean hasDotSegment(String path) {
        return (path + '/').contains("/./") || (path + '/').contains("/../");
    }
}
