package io.tidegate.proxy.differential;

import io.tidegate.proxy.differential.HttpMessage.Field;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The observations of the two ends of a row.
 *
 * @param requests the requests that the origin received
 * @param interim the interim responses that the client received
 * @param responses the final responses that the client received
 * @param connection whether the client's connection was {@code kept} or {@code closed}, or {@code silent} until the
 *     timeout
 */
record RowResult(
        List<HttpMessage> requests, List<HttpMessage> interim, List<HttpMessage> responses, String connection) {

    /** Fields of a request that each proxy writes itself, and the framing of the body. */
    private static final Set<String> OWN_REQUEST_FIELDS = Set.of(
            "via",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-real-ip",
            "connection",
            "content-length",
            "transfer-encoding");

    /** Fields of a response that each proxy writes itself, and the framing of the body. */
    private static final Set<String> OWN_RESPONSE_FIELDS =
            Set.of("via", "date", "server", "connection", "keep-alive", "transfer-encoding");

    private static final int LONGEST_VALUE = 60;

    /** One difference between two observations of the same row. */
    record Difference(String aspect, String nginx, String gateway) {}

    /** Compares the observations of one row through nginx with those through the gateway. */
    static List<Difference> compare(RowResult nginx, RowResult gateway) {
        List<Difference> differences = new ArrayList<>();
        Comparison comparison = new Comparison(differences);
        comparison.add("outcome", nginx.outcome(), gateway.outcome());
        if (!differences.isEmpty()) {
            return differences;
        }
        for (int i = 0; i < nginx.requests.size(); i++) {
            comparison.requests(nginx.requests.get(i), gateway.requests.get(i));
        }
        comparison.add("interim responses", nginx.interimStatuses(), gateway.interimStatuses());
        for (int i = 0; i < nginx.responses.size(); i++) {
            comparison.responses(nginx.responses.get(i), gateway.responses.get(i));
        }
        comparison.add("connection", nginx.connection, gateway.connection);
        return differences;
    }

    /** Returns the statuses that the client received, and the number of requests that the origin received. */
    private String outcome() {
        String statuses = responses.stream()
                .map(response -> response.status() + (response.complete() ? "" : " broken off"))
                .collect(Collectors.joining(", "));
        String response = !statuses.isEmpty() ? statuses : connection.equals("closed") ? "closed" : "no response";
        return switch (requests.size()) {
            case 0 -> response + ", not forwarded";
            case 1 -> response;
            default -> response + ", forwarded " + requests.size() + " times";
        };
    }

    private String interimStatuses() {
        return interim.stream()
                .map(response -> response.status() + " "
                        + response.fields().stream()
                                .filter(field -> !OWN_RESPONSE_FIELDS.contains(field.name()))
                                .map(field -> field.name() + ": " + field.value())
                                .collect(Collectors.joining(", ")))
                .map(String::strip)
                .collect(Collectors.joining("; "));
    }

    /** Returns whether a proxy itself has written this response. The texts of two proxies are not compared. */
    private static boolean isOwnError(HttpMessage response) {
        return response.status() >= 400
                && (response.body().contains("<center>nginx")
                        || response.values("content-type").equals("application/problem+json")
                        || response.values("content-type").equals("text/html")
                                && response.body().equals(HttpMessage.NO_BODY));
    }

    private record Comparison(List<Difference> differences) {

        void requests(HttpMessage nginx, HttpMessage gateway) {
            add("request line", nginx.requestLine(), gateway.requestLine());
            fields("request", nginx, gateway, HttpMessage::fields, OWN_REQUEST_FIELDS);
            add("request body", nginx.body(), gateway.body());
            fields("request trailer", nginx, gateway, HttpMessage::trailers, Set.of());
        }

        void responses(HttpMessage nginx, HttpMessage gateway) {
            if (isOwnError(nginx) && isOwnError(gateway)) {
                return;
            }
            add("phrase", nginx.phrase(), gateway.phrase());
            Set<String> own = new LinkedHashSet<>(OWN_RESPONSE_FIELDS);
            if (!nginx.body().equals(HttpMessage.NO_BODY)) {
                own.add("content-length");
            }
            fields("response", nginx, gateway, HttpMessage::fields, own);
            add("response body", nginx.body(), gateway.body());
            fields("response trailer", nginx, gateway, HttpMessage::trailers, Set.of());
        }

        private void fields(
                String aspect,
                HttpMessage nginx,
                HttpMessage gateway,
                Function<HttpMessage, List<Field>> part,
                Set<String> ignored) {
            Set<String> names = new LinkedHashSet<>();
            part.apply(nginx).forEach(field -> names.add(field.name()));
            part.apply(gateway).forEach(field -> names.add(field.name()));
            names.removeAll(ignored);
            for (String name : names) {
                add(
                        aspect + " " + name,
                        HttpMessage.values(part.apply(nginx), name),
                        HttpMessage.values(part.apply(gateway), name));
            }
        }

        void add(String aspect, String nginx, String gateway) {
            if (!nginx.equals(gateway)) {
                differences.add(new Difference(aspect, shown(nginx), shown(gateway)));
            }
        }
    }

    /** Returns the text with escapes for bytes that are not visible, shortened if it is long. */
    static String shown(String value) {
        String text = value.length() <= LONGEST_VALUE
                ? value
                : value.substring(0, LONGEST_VALUE) + "... (" + value.length() + ")";
        StringBuilder visible = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            visible.append(c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\x%02x", (int) c));
        }
        return visible.isEmpty() ? "-" : visible.toString();
    }
}
