package io.tidegate.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request, byte by byte, and what it must be answered. After it the connection serves on, or ends where nobody knows
 * where the next request would begin; no request of a corpus changes anything in the journal.
 *
 * @param theme what it tries
 * @param request a character is a byte; {@code {n}} is the number of the repetition
 * @param times how often it is sent before the answer counts, each time over a new connection
 * @param straight the answer of the gateway
 * @param nginx the answer through nginx
 * @param ends whether the gateway hangs up afterwards
 */
record Row(String theme, String request, int times, Expected straight, Expected nginx, boolean ends) {

    /**
     * An answer.
     *
     * @param code of the problem; empty for whatever is none, and for what nginx answers itself
     * @param headers that it has, with these values; with an empty one, that it has not
     * @param has what its body holds
     * @param lacks what neither its head nor its body holds
     */
    record Expected(int status, String code, Map<String, String> headers, List<String> has, List<String> lacks) {}

    /** A request that the gateway refuses, behind nginx as well. */
    static Row refused(String theme, String request, int status, String code) {
        Expected answer = new Expected(status, code, Map.of(), List.of(), List.of());
        return new Row(theme, request, 1, answer, answer, false);
    }

    /** A request that may be answered, but not with what it is after. */
    static Row answered(String theme, String request, int status) {
        return refused(theme, request, status, "");
    }

    /** What nginx answers itself; 0 when it hangs up without a word. */
    Row nginx(int status) {
        return nginx(status, "");
    }

    /** What comes of it when nginx has passed on its own reading of it. */
    Row nginx(int status, String code) {
        return new Row(
                theme, request, times, straight, new Expected(status, code, Map.of(), List.of(), List.of()), ends);
    }

    Row andHangsUp() {
        return new Row(theme, request, times, straight, nginx, true);
    }

    Row times(int times) {
        return new Row(theme, request, times, straight, nginx, ends);
    }

    Row header(String name, String value) {
        return new Row(theme, request, times, withHeader(straight, name, value), withHeader(nginx, name, value), ends);
    }

    Row has(String text) {
        return new Row(theme, request, times, withText(straight, text), withText(nginx, text), ends);
    }

    Row lacks(String text) {
        return new Row(theme, request, times, withoutText(straight, text), withoutText(nginx, text), ends);
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
        return theme + ": " + straight.status() + " " + straight.code() + " for "
                + (brief.length() > 240 ? brief.substring(0, 240) : brief);
    }
}
