package io.tidegate.edge.client;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses the hops of a request from its forwarding fields, with the nearest hop last. A hop without an address is
 * empty.
 */
final class Hops {

    /**
     * Matches an address with an optional port: {@code 192.0.2.1:80}, {@code 2001:db8::1}, {@code [2001:db8::1]:80}.
     */
    private static final Pattern NODE =
            Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::\\w+)?|([0-9.]+):\\w+|([0-9A-Fa-f:.]+)");

    /**
     * Matches one parameter in {@code Forwarded} and the delimiter after it: {@code ;}, {@code ,} or the end of the
     * field.
     */
    private static final Pattern PARAMETER =
            Pattern.compile("\\s*(?:([\\w-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s\",;]*)))?\\s*([;,]|$)");

    private Hops() {}

    static List<Optional<InetAddress>> ofForwardedFor(List<String> fields) {
        List<Optional<InetAddress>> hops = new ArrayList<>();
        for (String field : fields) {
            for (String hop : field.split(",", -1)) {
                hops.add(address(hop.strip()));
            }
        }
        return hops;
    }

    static List<Optional<InetAddress>> ofForwarded(List<String> fields) {
        return parameters("for", fields).stream()
                .map(node -> node.flatMap(Hops::address))
                .toList();
    }

    /** Returns, for each hop, the host that the hop received in the request. */
    static List<Optional<String>> hostsOfForwarded(List<String> fields) {
        return parameters("host", fields);
    }

    private static List<Optional<String>> parameters(String name, List<String> fields) {
        List<Optional<String>> hops = new ArrayList<>();
        for (String field : fields) {
            Matcher parameter = PARAMETER.matcher(field);
            Optional<String> hop = Optional.empty();
            int at = 0;
            while (at <= field.length()) {
                if (!parameter.find(at) || parameter.start() != at) {
                    // The rest of a malformed field cannot be assigned to a hop; the fields after it were added by
                    // later hops.
                    hops.add(Optional.empty());
                    break;
                }
                if (name.equalsIgnoreCase(parameter.group(1))) {
                    String quoted = parameter.group(2);
                    hop = Optional.ofNullable(quoted == null ? parameter.group(3) : quoted);
                }
                if (!";".equals(parameter.group(4))) {
                    hops.add(hop);
                    hop = Optional.empty();
                }
                at = parameter.end() + (parameter.group(4).isEmpty() ? 1 : 0);
            }
        }
        return hops;
    }

    private static Optional<InetAddress> address(String text) {
        Matcher node = NODE.matcher(text);
        if (!node.matches()) {
            return Optional.empty();
        }
        for (int group = 1; group <= node.groupCount(); group++) {
            if (node.group(group) != null) {
                return ClientAddress.parse(node.group(group));
            }
        }
        return Optional.empty();
    }
}
