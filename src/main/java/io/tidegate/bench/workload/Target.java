package io.tidegate.bench.workload;

import java.net.URI;
import java.util.Optional;

/**
 * What is measured. In the paths and the body {@code {topic}} stands for a topic, and in the body {@code {data}} for what
 * the events carry: letters, digits and {@code ~}, so that it may stand in JSON, in a form or alone.
 *
 * @param url scheme, host, port and, where the server is mounted below one, a path
 * @param path where a topic is read, below the path of the URL
 * @param publishPath where it is published to, below the path of the URL; a whole URL where that is another server
 * @param body what is posted for one event
 * @param token a bearer token for both
 * @param insecure whether any certificate will do
 */
public record Target(
        URI url,
        String path,
        String publishPath,
        String body,
        String contentType,
        Optional<String> token,
        boolean insecure) {

    public static final String PATH = "/api/events?topics={topic}";
    public static final String PUBLISH_PATH = "/api/events";
    public static final String BODY = "{\"topic\":\"{topic}\",\"type\":\"bench\",\"data\":\"{data}\"}";
    public static final String CONTENT_TYPE = "application/json";

    public static final String TOPIC = "{topic}";
    public static final String DATA = "{data}";

    /**
     * Checks what was given.
     *
     * @throws IllegalArgumentException with the option that is wrong
     */
    public Target {
        checkUrl("--url", url);
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("--path must begin with /, not '" + path + "'");
        }
        if (isUrl(publishPath)) {
            checkUrl("--publish-path", URI.create(publishPath.replace(TOPIC, "topic")));
        } else if (!publishPath.startsWith("/")) {
            throw new IllegalArgumentException(
                    "--publish-path must begin with / or be a URL, not '" + publishPath + "'");
        }
        if (!body.contains(DATA)) {
            throw new IllegalArgumentException("--body must contain {data}: what is measured travels in it");
        }
        if (token.isPresent() && !token.get().chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("--token must be visible ASCII");
        }
    }

    /** A gateway with nothing but the defaults. */
    public static Target of(URI url, Optional<String> token) {
        return new Target(url, PATH, PUBLISH_PATH, BODY, CONTENT_TYPE, token, false);
    }

    /** Where one topic is read. */
    public URI stream(String topic) {
        return below(path.replace(TOPIC, topic));
    }

    /** Where one topic is published to. */
    public URI publish(String topic) {
        String resolved = publishPath.replace(TOPIC, topic);
        return isUrl(resolved) ? URI.create(resolved) : below(resolved);
    }

    private URI below(String more) {
        String base = url.getRawPath() == null ? "" : url.getRawPath();
        return url.resolve((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + more);
    }

    public static int port(URI address) {
        return address.getPort() >= 0 ? address.getPort() : secure(address) ? 443 : 80;
    }

    public static boolean secure(URI address) {
        return "https".equalsIgnoreCase(address.getScheme());
    }

    /** The bytes of a request up to its body. */
    public String head(String method, URI address, String more) {
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        String authorization =
                token.map(text -> "Authorization: Bearer " + text + "\r\n").orElse("");
        return method + " " + (address.getRawPath().isEmpty() ? "/" : address.getRawPath()) + query
                + " HTTP/1.1\r\nHost: " + address.getRawAuthority() + "\r\nUser-Agent: tidegate-bench\r\n"
                + authorization + more + "\r\n";
    }

    private static boolean isUrl(String text) {
        return text.startsWith("http://") || text.startsWith("https://");
    }

    private static void checkUrl(String option, URI url) {
        String scheme = url.getScheme();
        if (!("http".equalsIgnoreCase(scheme) || secure(url)) || url.getHost() == null) {
            throw new IllegalArgumentException(option + " must be http:// or https:// and a host, not '" + url + "'");
        }
    }
}
