package io.tidegate.bench;

import java.net.URI;
import java.util.Optional;

/**
 * The measured server. In the paths and the body, {@code {topic}} is replaced by a topic. In the body, {@code {data}}
 * is replaced by the data of an event, which consists only of letters, digits and {@code ~} so that it is valid in
 * JSON, in a form and as plain text.
 *
 * @param url the scheme, host and port, and a path if the server is mounted under one
 * @param path the path of a topic's stream, relative to the path of the URL
 * @param publishPath the path for publishing to a topic, relative to the path of the URL, or the full URL of another
 *     server
 * @param body the body of the request that publishes one event
 * @param contentType the content type of this body
 * @param token a bearer token for reading and publishing
 * @param insecure whether every server certificate is accepted
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
     * Checks the options.
     *
     * @throws IllegalArgumentException if an option is invalid; the message names the option
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
            throw new IllegalArgumentException("--body must contain {data}, which the measurement depends on");
        }
        if (token.isPresent() && !token.get().chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("--token must be visible ASCII");
        }
    }

    /** Returns a gateway as the target, with the default paths and body. */
    public static Target of(URI url, Optional<String> token) {
        return new Target(url, PATH, PUBLISH_PATH, BODY, CONTENT_TYPE, token, false);
    }

    /** Returns the URL of a topic's stream. */
    public URI stream(String topic) {
        return below(path.replace(TOPIC, topic));
    }

    /** Returns the URL for publishing to a topic. */
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

    /**
     * Returns the head of a request, with the token if there is one.
     *
     * @param more additional header lines, each with its line terminator
     */
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
