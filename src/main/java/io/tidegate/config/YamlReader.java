package io.tidegate.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads a YAML document into a {@link ConfigNode.Branch}. Keeps details that a generic tree loses: the line of each
 * value, duplicate keys, and the original text of scalars, so that {@code version: 1.10} is not read as 1.1.
 */
final class YamlReader {

    /**
     * The factory of the parsers. The limit on nesting is higher than any record needs and lower than what the stack
     * allows.
     */
    private static final YAMLFactory YAML = YAMLFactory.builder()
            // The factory enables this feature by default, but its builder does not.
            .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(50).build())
            .build();

    private final String name;
    private final List<ConfigProblem> problems;

    /**
     * Creates a reader.
     *
     * @param name the file name for use in reported problems
     * @param problems receives the problems
     */
    YamlReader(String name, List<ConfigProblem> problems) {
        this.name = name;
        this.problems = problems;
    }

    /** Reads a document. Returns an empty branch after a syntax error. */
    ConfigNode.Branch read(String text) {
        ConfigNode.Branch nothing = new ConfigNode.Branch(Map.of(), name, true);
        try (YAMLParser parser = YAML.createParser(text)) {
            if (parser.nextToken() == null) {
                return nothing;
            }
            ConfigNode root = node(parser, "");
            if (parser.nextToken() != null) {
                problem("", "must contain only one YAML document", where(parser));
            }
            if (root instanceof ConfigNode.Branch branch) {
                return branch;
            } else if (!(root instanceof ConfigNode.Empty)) {
                problem("", "must be a mapping of keys to values", root.where());
            }
        } catch (JsonProcessingException refused) {
            syntax(refused);
        } catch (IllegalArgumentException noCharacter) { // SnakeYAML throws this exception for "\U00110000"
            problem("", "is not valid YAML: an escape sequence must denote a character", name);
        } catch (IOException impossible) {
            throw new IllegalStateException("reading a string", impossible);
        }
        return nothing;
    }

    private ConfigNode node(YAMLParser parser, String path) throws IOException {
        String where = where(parser);
        if (parser.isCurrentAlias()) {
            problem(path, "must be written out; aliases are not supported", where);
            return new ConfigNode.Empty(where);
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> branch(parser, path, where);
            case START_ARRAY -> sequence(parser, path, where);
            case VALUE_NULL -> new ConfigNode.Empty(where);
            default -> new ConfigNode.Scalar(parser.getText(), where);
        };
    }

    private ConfigNode branch(YAMLParser parser, String path, String where) throws IOException {
        Map<String, ConfigNode> children = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.getText();
            String keyWhere = where(parser);
            parser.nextToken();
            ConfigNode value = node(parser, Names.child(path, key));
            if (children.putIfAbsent(key, value) != null) {
                problem(Names.child(path, key), "must not appear more than once", keyWhere);
            }
        }
        return new ConfigNode.Branch(children, where, true);
    }

    private ConfigNode sequence(YAMLParser parser, String path, String where) throws IOException {
        List<ConfigNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(parser, path + '[' + items.size() + ']'));
        }
        return new ConfigNode.Sequence(items, where);
    }

    private void problem(String path, String message, String where) {
        problems.add(new ConfigProblem(path, message, where));
    }

    private String where(YAMLParser parser) {
        return line(parser.currentTokenLocation().getLineNr());
    }

    private String line(int number) {
        return name + ':' + number;
    }

    /**
     * Reports a syntax error. Jackson's own message spans several lines and gives the position where the parser began;
     * the cause has the exact position.
     */
    private void syntax(JsonProcessingException refused) {
        if (refused.getCause() instanceof MarkedYAMLException cause && cause.getProblemMark() != null) {
            problem(
                    "",
                    "is not valid YAML: " + cause.getProblem(),
                    line(cause.getProblemMark().getLine() + 1));
        } else if (refused instanceof StreamConstraintsException) {
            problem("", "is nested too deeply, or has a name or value that is too long", name);
        } else {
            problem("", "is not valid YAML", line(refused.getLocation().getLineNr()));
        }
    }
}
