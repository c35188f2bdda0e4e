package io.tidegate.config.source;

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
 * One YAML document as a {@link ConfigNode.Branch}. Keeps what a generic tree loses: the line of each value, keys that stand
 * there twice, and scalars as they were written, so that {@code version: 1.10} is not 1.1.
 */
public final class YamlReader {

    /** Deeper than any record of ours, and far from the end of the stack. */
    private static final YAMLFactory YAML = YAMLFactory.builder()
            // A default of the factory that its builder does not have.
            .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(50).build())
            .build();

    private final String name;
    private final List<ConfigProblem> problems;

    /**
     * Prepares to read.
     *
     * @param name how to call the file in what is reported
     * @param problems takes what is wrong
     */
    public YamlReader(String name, List<ConfigProblem> problems) {
        this.name = name;
        this.problems = problems;
    }

    /** What could be read; after a syntax error that is nothing. */
    public ConfigNode.Branch read(String text) {
        ConfigNode.Branch nothing = new ConfigNode.Branch(Map.of(), name, true);
        try (YAMLParser parser = YAML.createParser(text)) {
            if (parser.nextToken() == null) {
                return nothing;
            }
            ConfigNode root = node(parser, "");
            if (parser.nextToken() != null) {
                problem("", "has more than one YAML document", where(parser));
            }
            if (root instanceof ConfigNode.Branch branch) {
                return branch;
            } else if (!(root instanceof ConfigNode.Empty)) {
                problem("", "must hold keys with values", root.where());
            }
        } catch (JsonProcessingException refused) {
            syntax(refused);
        } catch (IllegalArgumentException noCharacter) { // what SnakeYAML lets out of "\U00110000"
            problem("", "is not valid YAML: an escape stands for no character", name);
        } catch (IOException impossible) {
            throw new IllegalStateException("reading a string", impossible);
        }
        return nothing;
    }

    private ConfigNode node(YAMLParser parser, String path) throws IOException {
        String where = where(parser);
        if (parser.isCurrentAlias()) {
            problem(path, "must be written out, aliases are not read", where);
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
                problem(Names.child(path, key), "stands here a second time", keyWhere);
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

    /** Jackson tells the place where the parser began, and draws it over several lines; its cause knows better. */
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
