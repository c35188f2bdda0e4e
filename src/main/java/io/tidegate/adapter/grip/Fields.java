package io.tidegate.adapter.grip;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Parses the syntax of GRIP header fields: values with parameters, and quoted strings. */
final class Fields {

    private Fields() {}

    /** A value and its parameters, in the order in which they occur; a name may occur more than once. */
    record Value(String text, List<Map.Entry<String, String>> parameters) {

        Optional<String> parameter(String name) {
            return parameters.stream()
                    .filter(parameter -> parameter.getKey().equals(name))
                    .map(Map.Entry::getValue)
                    .findFirst();
        }
    }

    /** Returns the values of all fields, each of which is a comma-separated list. */
    static List<Value> list(List<String> fields) {
        List<Value> values = new ArrayList<>();
        fields.forEach(field -> split(field, ',').forEach(part -> values.add(value(part))));
        return values;
    }

    static Value value(String text) {
        List<String> parts = split(text, ';');
        List<Map.Entry<String, String>> parameters = parts.stream()
                .skip(1)
                .map(Fields::pair)
                .map(pair -> Map.entry(pair.getKey().toLowerCase(Locale.ROOT), pair.getValue()))
                .toList();
        return new Value(parts.get(0).strip(), parameters);
    }

    /**
     * Parses {@code name=value}, where the value may be quoted. If the value is missing, an empty value is returned.
     */
    static Map.Entry<String, String> pair(String text) {
        String[] pair = text.strip().split("=", 2);
        return Map.entry(pair[0].strip(), pair.length == 2 ? unquoted(pair[1].strip()) : "");
    }

    private static String unquoted(String text) {
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1")
                : text;
    }

    /** Splits text at separators outside quotes. Inside quotes, a backslash escapes the character after it. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(begin, i));
                begin = i + 1;
            }
        }
        parts.add(text.substring(begin));
        return parts;
    }
}
