package io.tidegate.adapter.watch;

import io.tidegate.event.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The configuration of a watch: a list at an origin that the gateway polls, and the options for reading the list.
 *
 * @param kind the kind of the entries, for which the origin is then authoritative
 * @param origin the prefix or URL of a configured origin
 * @param path the path of the list, including any query
 * @param every the time from the start of one poll to the start of the next
 * @param key the name of the JSON member that identifies an entry of the list
 * @param list where the list is found in the body: {@code $} for the body itself, {@code $.data.sessions} for a nested
 *     JSON member; if empty, the body itself or the only array in it
 * @param timeout the time limit for a poll, from its start to the last byte of the response
 * @param maxBody the maximum size of a response, in bytes
 * @param headers the headers to send with each poll; {@code ${env:NAME}} and {@code ${file:PATH}} in a value refer to
 *     secrets
 * @param ignore the JSON members of an entry, or {@code a.b} for nested ones, that are ignored when entries are
 *     compared
 * @param pauseWhenUnread whether polling pauses while no client reads the kind
 */
public record Watch(
        Kind kind,
        String origin,
        String path,
        Duration every,
        String key,
        String list,
        Duration timeout,
        int maxBody,
        Map<String, String> headers,
        List<String> ignore,
        boolean pauseWhenUnread) {

    private static final Pattern LIST = Pattern.compile("|\\$(\\.[^.\\[\\]$]+)*");
    private static final Pattern PATH = Pattern.compile("/[!-\"$-~]*");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern MEMBER = Pattern.compile("[^.$\\[\\]]+(\\.[^.$\\[\\]]+)*");
    private static final String WATCHABLE =
            Kind.withMembers().stream().map(Kind::plural).collect(Collectors.joining(", "));
    private static final int MAX_BODY = 64 << 20;

    public Watch {
        headers = Map.copyOf(headers);
        ignore = List.copyOf(ignore);
        key = key.isEmpty() ? kind.identity() : key;
        require(kind.hasMembers(), "kind must be one of " + WATCHABLE);
        require(PATH.matcher(path).matches(), "path must be a path such as /api/sessions, in printable ASCII");
        require(every.toMillis() >= 10, "every must be at least 10ms");
        require(LIST.matcher(list).matches(), "list must be $, or $ and names such as $.data.sessions");
        require(timeout.toMillis() > 0, "timeout must be longer than 0s");
        require(maxBody > 0 && maxBody <= MAX_BODY, "max-body must be between 1 and 64MiB");
        require(
                ignore.stream().allMatch(name -> MEMBER.matcher(name).matches()),
                "ignore must be names of members such as last_seen or load.now");
        require(!ignore.contains(key), "ignore must not contain the key: " + key);
        headers.forEach((name, value) -> {
            require(HEADER.matcher(name).matches(), "headers must have valid names: '" + name + "'");
            Secrets.check(name, value);
        });
    }

    public Watch(Kind kind, String origin, String path) {
        this(
                kind,
                origin,
                path,
                Duration.ofSeconds(1),
                "",
                "",
                Duration.ofSeconds(5),
                4 << 20,
                Map.of(),
                List.of(),
                false);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
