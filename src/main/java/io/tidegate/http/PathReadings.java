package io.tidegate.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Computes the readings of a path: the paths as which various programs may interpret it. Programs may decode percent
 * escapes once, several times or not at all. Some also decode overlong UTF-8, ignore path parameters, read a backslash
 * as a slash, merge slashes, or remove dot segments (<a href="https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4">RFC
 * 3986, 5.2.4</a>), in any combination. A path to which none of this applies has only one reading.
 */
final class PathReadings {

    /** The maximum number of times that a path is decoded. A path that is escaped more often has no legitimate use. */
    private static final int MAX_DECODINGS = 3;

    private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");
    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
    private static final Pattern SLASHES = Pattern.compile("//+");
    /**
     * Matches an ASCII character that is encoded as two, three or four bytes of UTF-8, each represented by a character
     * of ISO 8859-1.
     */
    private static final Pattern OVERLONG =
            Pattern.compile("[\\xc0\\xc1][\\x80-\\xbf]|(\\xe0|\\xf0\\x80)[\\x80\\x81][\\x80-\\xbf]");

    private PathReadings() {}

    /**
     * Returns all readings of a path. Escapes of unreserved characters are always decoded, because a path with such an
     * escape is equivalent to the path without it (<a href="https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.2">RFC
     * 3986, 6.2.2.2</a>).
     *
     * @param path a path whose escapes are well-formed
     * @return all readings; empty if the path is escaped too many times
     */
    static Optional<Set<String>> of(String path) {
        Set<String> readings = new LinkedHashSet<>();
        String decoded = equivalent(path);
        for (int i = 0; readings.add(decoded); i++) {
            if (i > MAX_DECODINGS) {
                return Optional.empty();
            }
            decoded = decoded(decoded);
        }
        extend(readings, reading -> replace(OVERLONG, reading, PathReadings::fromOverlong));
        extend(readings, reading -> reading.indexOf(';') < 0 ? reading : replace(PARAMETERS, reading, found -> ""));
        extend(readings, reading -> reading.replace('\\', '/'));
        extend(readings, PathReadings::withMergedSlashes);
        extend(readings, PathReadings::withoutDotSegments);
        extend(readings, PathReadings::withMergedSlashes);
        return Optional.of(readings);
    }

    private static void extend(Set<String> readings, UnaryOperator<String> step) {
        List.copyOf(readings).forEach(reading -> readings.add(step.apply(reading)));
    }

    /** Returns whether a dot segment of the decoded path leads above the root. Servers refuse such paths. */
    static boolean leavesRoot(String path) {
        int depth = 0;
        for (String segment : decoded(path).substring(1).split("/", -1)) {
            depth += segment.equals("..") ? -1 : segment.equals(".") || segment.isEmpty() ? 0 : 1;
            if (depth < 0) {
                return true;
            }
        }
        return false;
    }

    /** Returns a path in which only the escapes of unreserved characters are decoded. */
    static String equivalent(String path) {
        return replace(ESCAPE, path, escape -> {
            char character = character(escape);
            boolean unreserved =
                    character < 0x80 && (Character.isLetterOrDigit(character) || "-._~".indexOf(character) >= 0);
            return unreserved ? String.valueOf(character) : escape.group();
        });
    }

    /** Decodes every escape to one character per byte. Leaves malformed escapes unchanged. */
    private static String decoded(String path) {
        return replace(ESCAPE, path, escape -> String.valueOf(character(escape)));
    }

    private static char character(MatchResult escape) {
        return (char) Integer.parseInt(escape.group(1), 16);
    }

    private static String fromOverlong(MatchResult found) {
        String bytes = found.group();
        int last = bytes.charAt(bytes.length() - 1) & 0x3f;
        return String.valueOf((char) ((bytes.charAt(bytes.length() - 2) & 1) << 6 | last));
    }

    private static String withMergedSlashes(String path) {
        return path.contains("//") ? SLASHES.matcher(path).replaceAll("/") : path;
    }

    private static String withoutDotSegments(String path) {
        if (!path.contains("/.")) {
            return path;
        }
        String[] segments = path.substring(1).split("/", -1);
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < segments.length; i++) {
            boolean dots = segments[i].equals(".") || segments[i].equals("..");
            if (segments[i].equals("..") && !kept.isEmpty()) {
                kept.remove(kept.size() - 1);
            }
            if (!dots) {
                kept.add(segments[i]);
            } else if (i == segments.length - 1) {
                kept.add("");
            }
        }
        return '/' + String.join("/", kept);
    }

    private static String replace(Pattern pattern, String path, Function<MatchResult, String> with) {
        Matcher matcher = pattern.matcher(path);
        return matcher.find() ? matcher.replaceAll(found -> Matcher.quoteReplacement(with.apply(found))) : path;
    }
}
