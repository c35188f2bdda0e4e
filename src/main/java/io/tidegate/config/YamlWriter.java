package io.tidegate.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator.Feature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Prints a record as the YAML that reads back as it, except for secrets. */
public final class YamlWriter {

    private static final String MASK = "***";
    private static final Pattern USER_IN_URL = Pattern.compile("(?<=://)[^/@]*@");

    private YamlWriter() {}

    /** The whole tree, with {@value #MASK} in the place of every value, unless empty, whose key names a secret. */
    public static String masked(Record settings) {
        YAMLFactory form = YAMLFactory.builder()
                .enable(Feature.MINIMIZE_QUOTES)
                .enable(Feature.INDENT_ARRAYS_WITH_INDICATOR)
                .disable(Feature.WRITE_DOC_START_MARKER)
                .disable(Feature.SPLIT_LINES)
                .build();
        try {
            return new YAMLMapper(form)
                            .writeValueAsString(plain("", Tree.of(settings)))
                            .strip()
                    + '\n';
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("writing to a string", impossible);
        }
    }

    private static Object plain(String key, Node node) {
        if (node instanceof Node.Branch branch) {
            Map<String, Object> map = new LinkedHashMap<>();
            branch.children().forEach((name, child) -> map.put(name, plain(name, child)));
            return map;
        } else if (Names.secret(key)
                && !(node instanceof Node.Scalar none && none.text().isEmpty())) {
            return MASK;
        } else if (node instanceof Node.Sequence sequence) {
            return sequence.items().stream().map(item -> plain("", item)).toList();
        } else if (node instanceof Node.Scalar scalar) {
            return scalar(scalar.text());
        }
        throw new IllegalStateException("a record has no empty keys");
    }

    private static Object scalar(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> USER_IN_URL.matcher(text).replaceFirst(MASK + "@");
        };
    }
}
