package io.tidegate.config;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator.Feature;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;
import java.util.regex.Pattern;

/** Formats a record as YAML. An equal record, except for its secrets, can be read from the result. */
public final class YamlWriter {

    private static final String MASK = "***";
    private static final Pattern USER_IN_URL = Pattern.compile("(?<=://)[^/@]*@");

    private YamlWriter() {}

    /**
     * Also quotes values that contain characters which are line breaks in YAML 1.1 but ordinary characters to Jackson.
     */
    private static final class Quoting extends StringQuotingChecker.Default {
        private static final long serialVersionUID = 1L;
        private static final Pattern LINE_BREAK = Pattern.compile("[\\u0085\\u2028\\u2029]");

        @Override
        public boolean needToQuoteValue(String value) {
            return super.needToQuoteValue(value) || LINE_BREAK.matcher(value).find();
        }
    }

    /** Returns the record as YAML, with {@value #MASK} in place of every non-empty value whose key denotes a secret. */
    public static String masked(Record settings) {
        YAMLFactory form = YAMLFactory.builder()
                .enable(Feature.MINIMIZE_QUOTES)
                .enable(Feature.INDENT_ARRAYS_WITH_INDICATOR)
                .disable(Feature.WRITE_DOC_START_MARKER)
                .disable(Feature.SPLIT_LINES)
                .stringQuotingChecker(new Quoting())
                .build();
        StringWriter text = new StringWriter();
        try (YAMLGenerator yaml = form.createGenerator(text)) {
            write("", Tree.of(settings), yaml);
        } catch (IOException impossible) {
            throw new IllegalStateException("writing to a string", impossible);
        }
        return text.toString().strip() + '\n';
    }

    private static void write(String key, ConfigNode node, YAMLGenerator yaml) throws IOException {
        if (node instanceof ConfigNode.Branch branch) {
            yaml.writeStartObject();
            for (Map.Entry<String, ConfigNode> child : branch.children().entrySet()) {
                yaml.writeFieldName(child.getKey());
                write(child.getKey(), child.getValue(), yaml);
            }
            yaml.writeEndObject();
        } else if (Names.secret(key)
                && !(node instanceof ConfigNode.Scalar none && none.text().isEmpty())) {
            yaml.writeString(MASK);
        } else if (node instanceof ConfigNode.Sequence sequence) {
            yaml.writeStartArray();
            for (ConfigNode item : sequence.items()) {
                write("", item, yaml);
            }
            yaml.writeEndArray();
        } else if (node instanceof ConfigNode.Scalar scalar) {
            write(scalar.text(), yaml);
        } else {
            throw new IllegalStateException("a record has no empty keys");
        }
    }

    private static void write(String text, YAMLGenerator yaml) throws IOException {
        switch (text) {
            case "true" -> yaml.writeBoolean(true);
            case "false" -> yaml.writeBoolean(false);
            default -> yaml.writeString(USER_IN_URL.matcher(text).replaceFirst(MASK + "@"));
        }
    }
}
