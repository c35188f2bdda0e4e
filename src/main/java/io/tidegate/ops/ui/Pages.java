package io.tidegate.ops.ui;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The embedded pages and the browser client, read once and held in memory: what is not in its table cannot be asked for.
 * They are the same for everyone, so they need no token; what they show does. Safe from every event loop.
 *
 * <p>The pages name their scripts and styles under a folder that is the hash of them all. So those may be kept for ever,
 * and a page of one version never runs the scripts of another; the scripts find each other by relative names.
 */
public final class Pages {

    private static final String FOLDER = "/assets/";
    private static final List<String> ASSETS =
            List.of("app.css", "app.js", "client.js", "deployment.js", "favicon.svg", "lab.js", "overview.js");

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String ASK_FIRST = "no-cache";

    private final Map<String, Asset> assets;
    private final String version;
    private final Asset index;
    private final Asset deployment;
    private final Asset lab;

    private Pages(Map<String, Asset> assets) {
        this.assets = assets;
        this.version = Asset.hash(assets.values().stream()
                .map(Asset::hash)
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8));
        this.index = page("index.html");
        this.deployment = page("deployment.html");
        this.lab = page("lab.html");
    }

    /**
     * Reads everything from the class path.
     *
     * @throws IllegalStateException when a file is missing
     */
    public static Pages load() {
        return new Pages(ASSETS.stream()
                .map(Asset::read)
                .collect(Collectors.toMap(Asset::name, asset -> asset, (one, other) -> one, LinkedHashMap::new)));
    }

    /** Routes all of them, for GET and HEAD. */
    public void mount(Router router) {
        router.route("/").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::index);
        router.route("/lab").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::lab);
        router.route("/deployment/:id")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::deployment);
        Stream.of("/client.js", "/favicon.ico", FOLDER + "*").forEach(path -> router.route(path)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::asset));
    }

    /** The overview; also what an address that only a page can know about is answered with. */
    public void index(RoutingContext ctx) {
        page(ctx, index);
    }

    /** One deploy; the page reads the id from its own address. */
    public void deployment(RoutingContext ctx) {
        page(ctx, deployment);
    }

    public void lab(RoutingContext ctx) {
        page(ctx, lab);
    }

    /** Scripts, styles and the icon, by the last segment of the path; goes on to the next handler for any other. */
    public void asset(RoutingContext ctx) {
        String path = ctx.request().path();
        Optional<Asset> asset = find(path);
        if (asset.isPresent()) {
            boolean versioned = path.startsWith(FOLDER + version + '/');
            send(ctx, asset.get(), versioned ? FOR_EVER : ASK_FIRST);
        } else {
            ctx.next();
        }
    }

    /**
     * Any version of the folder finds the file that is here: while nodes are being replaced, a page of one may ask another
     * for its scripts, and those of today serve it better than none.
     */
    private Optional<Asset> find(String path) {
        if (path.equals("/favicon.ico")) {
            return Optional.ofNullable(assets.get("favicon.svg"));
        }
        return Optional.ofNullable(assets.get(path.substring(path.lastIndexOf('/') + 1)));
    }

    private Asset page(String name) {
        return Asset.read(name).replacing(FOLDER, FOLDER + version + '/');
    }

    private static void page(RoutingContext ctx, Asset page) {
        ctx.response().putHeader("Content-Security-Policy", POLICY);
        send(ctx, page, ASK_FIRST);
    }

    private static void send(RoutingContext ctx, Asset asset, String caching) {
        HttpServerResponse response = ctx.response()
                .putHeader(HttpHeaders.ETAG, asset.tag().header())
                .putHeader(HttpHeaders.CACHE_CONTROL, caching)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer");
        if (asset.tag().matches(ctx.request().headers().getAll(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, asset.mediaType())
                .putHeader(
                        HttpHeaders.CONTENT_LENGTH,
                        Integer.toString(asset.body().length()));
        if (ctx.request().method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(asset.body());
        }
    }
}
