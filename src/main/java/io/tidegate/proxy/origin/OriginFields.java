package io.tidegate.proxy.origin;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The rules for forwarding and changing header fields in messages between clients and an origin.
 *
 * @param upgrades the protocols to which an HTTP/1.1 connection may be switched
 * @param pages the {@code Origin} values of pages that may open a WebSocket with the gateway's cookie; a value that
 *     ends in {@code *} covers all values with the prefix before it
 * @param earlyHints whether {@code 103} responses are also relayed over HTTP/1.1
 * @param request the changes to requests
 * @param response the changes to responses
 */
public record OriginFields(
        List<String> upgrades, List<String> pages, boolean earlyHints, FieldChanges request, FieldChanges response) {

    /** The protocols that are never allowed: the requests in a cleartext HTTP/2 connection would bypass every check. */
    private static final Set<String> NEVER = Set.of("h2c", "h2", "http/2.0", "http/2");

    public static final OriginFields DEFAULTS = new OriginFields(
            List.of("websocket", "tcp", "SPDY/3.1", "DERP"), List.of(), false, FieldChanges.NONE, FieldChanges.NONE);

    /**
     * Validates the components.
     *
     * @throws IllegalArgumentException if a component is invalid; the message begins with its name
     */
    public OriginFields {
        upgrades = List.copyOf(upgrades);
        pages = List.copyOf(pages);
        for (String protocol : upgrades) {
            if (NEVER.contains(protocol.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("upgrades must not contain HTTP/2: " + protocol);
            }
            if (!protocol.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+(/[A-Za-z0-9!#$%&'*+.^_`|~-]+)?")) {
                throw new IllegalArgumentException("upgrades must be protocols such as websocket or SPDY/3.1");
            }
        }
        for (String page : pages) {
            if (!page.matches("null|\\*|[a-z][a-z0-9+.-]*://[^/\\s]*")) {
                throw new IllegalArgumentException(
                        "pages must be values of Origin, such as http://localhost:5173, vscode-webview://* or null");
            }
        }
    }

    /** Returns whether pages with this {@code Origin} may open a WebSocket with the gateway's cookie. */
    public boolean admitsPage(String origin) {
        return pages.stream()
                .anyMatch(page -> page.endsWith("*")
                        ? origin.startsWith(page.substring(0, page.length() - 1))
                        : page.equals(origin));
    }
}
