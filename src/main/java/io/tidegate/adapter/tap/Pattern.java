package io.tidegate.adapter.tap;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;

/**
 * A method and a path with parameters against which a tap matches requests.
 *
 * @param segments the segments, each of which is either literal text or the name of a parameter in braces
 */
record Pattern(String method, List<String> segments) {

    private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH", "DELETE");
    private static final java.util.regex.Pattern SEGMENT =
            java.util.regex.Pattern.compile("[A-Za-z0-9._~!$&'()*+,=:@-]+|\\{[a-z_]+}");
    private static final java.util.regex.Pattern NAME = java.util.regex.Pattern.compile("\\{([a-z_]+)}");

    /**
     * Parses a pattern.
     *
     * @throws IllegalArgumentException if the pattern is malformed
     */
    static Pattern of(String on) {
        String[] parts = on.split(" ", 2);
        Tap.require(
                parts.length == 2 && METHODS.contains(parts[0]),
                "on must be POST, PUT, PATCH or DELETE and a path, such as DELETE /api/sessions/{id}");
        Tap.require(parts[1].startsWith("/"), "on must have a path that begins with /");
        List<String> segments = List.of(parts[1].substring(1).split("/", -1));
        for (String segment : segments) {
            Tap.require(SEGMENT.matcher(segment).matches(), "on must have valid segments: '" + segment + "'");
        }
        return new Pattern(parts[0], segments);
    }

    boolean has(String name) {
        return segments.contains('{' + name + '}');
    }

    /**
     * Returns the decoded values of the path parameters by name; empty if the request does not match. Segments are
     * compared after decoding and after removal of dot segments, as the origin is expected to interpret them.
     *
     * @param path the path as received
     */
    Optional<Map<String, String>> match(String givenMethod, String path) {
        if (!method.equals(givenMethod)) {
            return Optional.empty();
        }
        List<String> given = decodedSegments(path);
        if (given.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < given.size(); i++) {
            String segment = segments.get(i);
            if (segment.startsWith("{") && !given.get(i).isEmpty()) {
                names.put(segment.substring(1, segment.length() - 1), given.get(i));
            } else if (!segment.equals(given.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    /**
     * Returns the decoded segments, without dot segments
     * (<a href="https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4">RFC 3986, 5.2.4</a>).
     */
    private static List<String> decodedSegments(String path) {
        List<String> kept = new ArrayList<>();
        String[] given = path.substring(1).split("/", -1);
        for (int i = 0; i < given.length; i++) {
            String segment = decoded(given[i]);
            if (segment.equals("..") && !kept.isEmpty()) {
                kept.remove(kept.size() - 1);
            }
            if (!segment.equals(".") && !segment.equals("..")) {
                kept.add(segment);
            } else if (i == given.length - 1) {
                kept.add("");
            }
        }
        return kept;
    }

    /** Decodes percent escapes. A segment with an invalid escape is returned unchanged. */
    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return segment;
        }
    }

    /**
     * Replaces the names in a topic with sample values, so that the topic can be validated.
     *
     * @param others a function that returns the value for a name that is not in the pattern, or null if the name is
     *     unknown
     * @throws IllegalArgumentException if a name is unknown
     */
    String fill(String topic, UnaryOperator<String> others) {
        Map<String, String> sample = new HashMap<>();
        names().forEach(name -> sample.put(name, "x"));
        return fill(topic, sample, others);
    }

    static String fill(String topic, Map<String, String> names, UnaryOperator<String> others) {
        return NAME.matcher(topic).replaceAll(found -> {
            String value = names.getOrDefault(found.group(1), others.apply(found.group(1)));
            Tap.require(value != null, "topic must name only segments of the path: " + found.group());
            Tap.require(value.indexOf('/') < 0, "a name in a topic must stand for one segment: " + found.group());
            return Matcher.quoteReplacement(value);
        });
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (String segment : segments) {
            if (segment.startsWith("{")) {
                names.add(segment.substring(1, segment.length() - 1));
            }
        }
        return names;
    }
}
