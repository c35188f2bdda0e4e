package webterminal;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Serves the pages and their assets, which are read once from the class path. */
final class Pages {

    private static final String XTERM = "/META-INF/resources/webjars/xterm/4.9.0/";
    private static final String POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            + "base-uri 'none'; frame-ancestors 'none'";

    private static final List<String> ASSETS =
            List.of("index.html", "live.html", "style.css", "page.js", "polling.js", "live.js", "icon.svg");

    private Pages() {}

    static void mount(Router router) {
        ASSETS.forEach(name -> serve(router, "/" + name, "/webterminal/" + name));
        serve(router, "/", "/webterminal/index.html");
        serve(router, "/xterm.js", XTERM + "lib/xterm.js");
        serve(router, "/xterm.css", XTERM + "css/xterm.css");
    }

    private static void serve(Router router, String path, String resource) {
        Buffer body = read(resource);
        String type = type(resource);
        router.get(path).handler(ctx -> ctx.response()
                .putHeader("Content-Type", type)
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Cache-Control", "no-cache")
                .end(body));
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.'))) {
            case ".html" -> "text/html; charset=utf-8";
            case ".css" -> "text/css; charset=utf-8";
            case ".js" -> "text/javascript; charset=utf-8";
            default -> "image/svg+xml";
        };
    }

    private static Buffer read(String resource) {
        try (InputStream in = Pages.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("missing: " + resource);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
