package io.tidegate.ops.ui;

import io.tidegate.edge.message.ResponseBody;
import io.vertx.core.Handler;
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
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Serves the embedded pages and the browser client, which are read once and kept in memory. Other files cannot be
 * requested. The pages are the same for all clients and need no token; the data that they show requires one.
 * Thread-safe.
 *
 * <p>The pages refer to their scripts and styles in a folder that is named after a hash of all of these files.
 * Therefore, the files can be cached forever, and a page of one version does not run cached scripts of another. All
 * addresses in pages and scripts are relative.
 */
public final class Pages {

    private static final String FOLDER = "/assets/";

    /** The paths of all pages and assets. */
    public static final List<String> PATHS =
            List.of("/", "/lab", "/deployment/:id", "/client.js", "/favicon.ico", FOLDER + "*");

    private static final List<String> ASSETS =
            List.of("app.css", "app.js", "client.js", "deployment.js", "favicon.svg", "lab.js", "overview.js");

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    private static final String IMMUTABLE = "public, max-age=31536000, immutable";
    private static final String REVALIDATE = "no-cache";

    /** The placeholder in pages for the relative path from the address of a page to the folder of the pages. */
    private static final String HOME = "{home}";

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
     * Reads all files from the class path.
     *
     * @throws IllegalStateException if a file is missing
     */
    public static Pages load() {
        return new Pages(ASSETS.stream()
                .map(Asset::read)
                .collect(Collectors.toMap(Asset::name, asset -> asset, (one, other) -> one, LinkedHashMap::new)));
    }

    /**
     * Mounts the GET and HEAD routes for the pages and assets.
     *
     * @param served selects the {@link #PATHS} that are served
     * @param mount the path at which the router is mounted, without a trailing slash
     * @param elsewhere the path, relative to {@code mount}, of all other resources that the pages use; may be empty
     */
    public void mount(Router router, Predicate<String> served, String mount, String elsewhere) {
        Map<String, Handler<RoutingContext>> handlers = new LinkedHashMap<>();
        PATHS.forEach(path -> handlers.put(path, this::asset));
        handlers.put("/", ctx -> page(ctx, index, mount, elsewhere));
        handlers.put("/lab", ctx -> page(ctx, lab, mount, elsewhere));
        handlers.put("/deployment/:id", ctx -> page(ctx, deployment, mount, elsewhere));
        handlers.forEach((path, handler) -> {
            if (served.test(path)) {
                router.route(path)
                        .method(HttpMethod.GET)
                        .method(HttpMethod.HEAD)
                        .handler(handler);
            }
        });
    }

    /**
     * Sends the overview page for a path at the root that is interpreted only by the page's scripts.
     *
     * @param elsewhere the path under which the page finds all other resources; may be empty
     */
    public void index(RoutingContext ctx, String elsewhere) {
        page(ctx, index, "", elsewhere);
    }

    /**
     * Redirects requests for the path of the pages that lack the trailing slash, without which relative addresses would
     * not work.
     */
    public void toFolder(RoutingContext ctx) {
        String path = ctx.normalizedPath();
        if (path.endsWith("/")) {
            ctx.next();
            return;
        }
        ctx.response()
                .setStatusCode(308)
                .putHeader(HttpHeaders.LOCATION, "." + path.substring(path.lastIndexOf('/')) + '/')
                .end();
    }

    /**
     * Sends a script, a style or the icon, which is selected by the last segment of the path. Passes on all other
     * requests.
     */
    private void asset(RoutingContext ctx) {
        String path = ctx.normalizedPath();
        Optional<Asset> asset = find(path);
        if (asset.isPresent()) {
            boolean versioned = path.contains(FOLDER + version + '/');
            send(ctx, asset.get(), versioned ? IMMUTABLE : REVALIDATE);
        } else {
            ctx.next();
        }
    }

    /**
     * Finds a file, regardless of the version in the folder name. During a rolling update, a page from one node may
     * request its scripts from another, and that node's version of the scripts is better than none.
     */
    private Optional<Asset> find(String path) {
        if (path.endsWith("/favicon.ico")) {
            return Optional.ofNullable(assets.get("favicon.svg"));
        }
        return Optional.ofNullable(assets.get(path.substring(path.lastIndexOf('/') + 1)));
    }

    private Asset page(String name) {
        return Asset.read(name).replacing(HOME + "assets/", HOME + "assets/" + version + '/');
    }

    /**
     * Sends a page with relative addresses, which are valid under any path under which a proxy in front of the gateway
     * serves it.
     */
    private static void page(RoutingContext ctx, Asset page, String mount, String elsewhere) {
        long depth = ctx.normalizedPath()
                .chars()
                .skip(mount.length() + 1L)
                .filter(c -> c == '/')
                .count();
        String home = "./" + "../".repeat((int) depth) + (elsewhere.isEmpty() ? "" : elsewhere.substring(1) + '/');
        ctx.response().putHeader("Content-Security-Policy", POLICY);
        send(ctx, page.replacing(HOME, home), REVALIDATE);
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
        response.putHeader(HttpHeaders.CONTENT_TYPE, asset.mediaType());
        ResponseBody.end(ctx.request(), asset.body());
    }
}
