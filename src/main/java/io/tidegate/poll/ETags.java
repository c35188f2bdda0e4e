package io.tidegate.poll;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Answers JSON with an entity tag, or 304 when the client has it already (RFC 9110, sections 8.8.3 and 13.1.2). */
final class ETags {

    private ETags() {}

    static void answer(RoutingContext ctx, String tag, String cursor, Buffer json) {
        String quoted = '"' + tag + '"';
        ctx.response()
                .putHeader("ETag", quoted)
                .putHeader("Cache-Control", "private, no-cache")
                .putHeader("Vary", "Accept, Authorization, Cookie")
                .putHeader("Tidegate-Cursor", cursor);
        if (matches(ctx.request().getHeader("If-None-Match"), quoted)) {
            ctx.response().setStatusCode(304).end();
        } else {
            ctx.response().putHeader("Content-Type", "application/json").end(json);
        }
    }

    private static boolean matches(@Nullable String ifNoneMatch, String quoted) {
        if (ifNoneMatch == null) {
            return false;
        }
        for (String candidate : ifNoneMatch.split(",", -1)) {
            String tag = candidate.strip();
            // A proxy that compresses marks our tag as weak; for a GET the weak comparison is the right one.
            if (tag.equals("*") || tag.equals(quoted) || tag.equals("W/" + quoted)) {
                return true;
            }
        }
        return false;
    }
}
