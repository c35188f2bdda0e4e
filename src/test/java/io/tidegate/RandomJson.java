package io.tidegate;

import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** JSON as anyone may write it: with white space, escapes where none are needed, and every form of a number. */
public final class RandomJson {

    private static final int DEPTH = 3;

    private RandomJson() {}

    public static Arbitrary<String> values() {
        return value(DEPTH);
    }

    public static Arbitrary<String> objects() {
        return object(DEPTH);
    }

    /** A string with what means something to a parser of JSON, of an event stream or of UTF-8. */
    public static Arbitrary<String> texts() {
        Arbitrary<Character> special = Arbitraries.of(
                '\r', '\n', '\0', '\uFEFF', '\u0085', '\u2028', '\u2029', '"', '\\', '/', ':', ' ', '\uD83D', '\uDE00');
        return Arbitraries.frequencyOf(
                        Tuple.of(2, special),
                        Tuple.of(3, Arbitraries.chars().range(' ', '~')),
                        Tuple.of(1, Arbitraries.chars()))
                .list()
                .ofMaxSize(12)
                .map(chars -> chars.stream().map(String::valueOf).collect(Collectors.joining()));
    }

    /** A string in quotes; what has to be escaped is, and some of the rest. */
    public static String quoted(String text) {
        return text.chars()
                .mapToObj(c -> c < ' ' || c == '"' || c == '\\' || Character.isSurrogate((char) c) || c % 7 == 0
                        ? String.format("\\u%04x", c)
                        : String.valueOf((char) c))
                .collect(Collectors.joining("", "\"", "\""));
    }

    private static Arbitrary<String> value(int depth) {
        Arbitrary<String> scalar = Arbitraries.oneOf(
                texts().map(RandomJson::quoted),
                Arbitraries.of("true", "false", "null", "0", "-0", "-0.0", "1E+2", "1e-7", "12.50"),
                Arbitraries.bigIntegers().map(String::valueOf),
                Arbitraries.doubles().map(String::valueOf));
        return depth == 0
                ? scalar
                : Arbitraries.frequencyOf(
                        Tuple.of(3, scalar), Tuple.of(1, array(depth - 1)), Tuple.of(1, object(depth - 1)));
    }

    private static Arbitrary<String> array(int depth) {
        return Arbitraries.lazy(() -> value(depth).list().ofMaxSize(3))
                .flatMap(items -> space().map(space -> "[" + space + String.join("," + space, items) + "]"));
    }

    private static Arbitrary<String> object(int depth) {
        return Arbitraries.lazy(() -> Arbitraries.maps(texts(), value(depth)).ofMaxSize(3))
                .flatMap(members -> space().map(space -> "{" + members(members, space) + space + "}"));
    }

    private static String members(Map<String, String> members, String space) {
        return members.entrySet().stream()
                .map(member -> space + quoted(member.getKey()) + space + ":" + member.getValue())
                .collect(Collectors.joining(","));
    }

    private static Arbitrary<String> space() {
        return Arbitraries.of("", "", " ", "\t", "\r\n");
    }
}
