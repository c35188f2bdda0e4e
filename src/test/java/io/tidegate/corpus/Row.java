package io.tidegate.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request as raw bytes, and the expected response. Afterwards the connection serves another request, or is closed if
 * it is ambiguous where this request ends. No request of the corpus may change the journal.
 *
 * @param theme the attack that the row belongs to
 * @param request the request, one character per byte; {@code {n}} stands for the repetition number
 * @param times how many times to send the request, each time over a new connection; only the last response is checked
 * @param direct the response of the gateway
 * @param nginx the response through nginx
 * @param ends whether the gateway closes the connection afterwards
 */
record Row(String theme, String request, int times, Expected direct, Expected nginx, boolean ends) {

    /**
     * An expected response.
     *
     * @param code the code of the problem; empty for other responses and for those of nginx itself
     * @param headers the expected values of headers; an empty value means that the header must be missing
     * @param has the texts that the body must contain
     * @param lacks the texts that neither the head nor the body may contain
     */
    record Expected(int status, String code, Map<String, String> headers, List<String> has, List<String> lacks) {}

    /** Creates a row for a request that the gateway refuses, directly and behind nginx. */
    static Row refused(String theme, String request, int status, String code) {
        Expected response = new Expected(status, code, Map.of(), List.of(), List.of());
        return new Row(theme, request, 1, response, response, false);
    }

    /** Creates a row for a request that is accepted but must not have the intended effect. */
    static Row answered(String theme, String request, int status) {
        return refused(theme, request, status, "");
    }

    /** Sets the status with which nginx itself responds; 0 if it closes the connection without a response. */
    Row nginx(int status) {
        return nginx(status, "");
    }

    /** Sets the response to the request as nginx passes it on. */
    Row nginx(int status, String code) {
        return new Row(theme, request, times, direct, new Expected(status, code, Map.of(), List.of(), List.of()), ends);
    }

    Row thenCloses() {
        return new Row(theme, request, times, direct, nginx, true);
    }

    Row times(int times) {
        return new Row(theme, request, times, direct, nginx, ends);
    }

    Row header(String name, String value) {
        return new Row(theme, request, times, withHeader(direct, name, value), withHeader(nginx, name, value), ends);
    }

    Row has(String text) {
        return new Row(theme, request, times, withText(direct, text), withText(nginx, text), ends);
    }

    Row lacks(String text) {
        return new Row(theme, request, times, withoutText(direct, text), withoutText(nginx, text), ends);
    }

    private static Expected withHeader(Expected e, String name, String value) {
        Map<String, String> headers = new TreeMap<>(e.headers());
        headers.put(name, value);
        return new Expected(e.status(), e.code(), headers, e.has(), e.lacks());
    }

    private static Expected withText(Expected e, String text) {
        return new Expected(e.status(), e.code(), e.headers(), and(e.has(), text), e.lacks());
    }

    private static Expected withoutText(Expected e, String text) {
        return new Expected(e.status(), e.code(), e.headers(), e.has(), and(e.lacks(), text));
    }

    private static List<String> and(List<String> texts, String text) {
        List<String> all = new ArrayList<>(texts);
        all.add(text);
        return List.copyOf(all);
    }

    @Override
    public String toString() {
        String brief = request.replaceAll("\r\n", "⏎")
                .replaceAll("\\p{Cntrl}", "�")
                .replaceAll("(.)\\1{20,}", "$1…")
                .replaceAll("eyJ[\\w-]{12}[\\w.-]*", "eyJ…");
        return theme + ": " + direct.status() + " " + direct.code() + " for "
                + (brief.length() > 240 ? brief.substring(0, 240) : brief);
    }
}
