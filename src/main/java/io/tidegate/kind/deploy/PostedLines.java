package io.tidegate.kind.deploy;

import io.tidegate.kind.deploy.LogLine.Stream;
import io.tidegate.problem.ProblemException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the log lines that a service posts. The body is {@code {"line","stream"?,"time"?}}, or {@code {"lines":[…]}}
 * with an array of such objects or strings. Texts are split and truncated like the output of a program.
 *
 * @param now the time for lines that are posted without one
 */
record PostedLines(Instant now) {

    private static final int MAX_LINES = 1000;

    /**
     * Reads the lines in a request body.
     *
     * @throws ProblemException with the code {@code invalid-body} if the body is invalid
     */
    List<LogLine> read(JsonObject body) {
        List<LogLine> lines = new ArrayList<>();
        if (body.containsKey("line") == body.containsKey("lines")) {
            throw DeployRules.invalid("the body must have either line or lines");
        }
        if (body.containsKey("line")) {
            readLine(body, lines);
        } else if (body.getValue("lines") instanceof JsonArray array) {
            array.forEach(element -> readElement(element, lines));
        } else {
            throw DeployRules.invalid("lines must be an array");
        }
        return lines;
    }

    private void readElement(Object element, List<LogLine> lines) {
        if (element instanceof String text) {
            split(text, Stream.STDOUT, now, lines);
        } else if (element instanceof JsonObject line) {
            readLine(line, lines);
        } else {
            throw DeployRules.invalid("each line must be a string or an object");
        }
    }

    private void readLine(JsonObject line, List<LogLine> lines) {
        String text = DeployRules.text(line, "line").orElseThrow(() -> DeployRules.invalid("line must be a string"));
        Stream stream = DeployRules.text(line, "stream")
                .map(name -> Stream.named(name)
                        .orElseThrow(() -> DeployRules.invalid("stream must be one of stdout, stderr")))
                .orElse(Stream.STDOUT);
        Optional<Instant> time = DeployRules.text(line, "time").map(PostedLines::instant);
        split(text, stream, time.orElse(now), lines);
    }

    private static void split(String text, Stream stream, Instant time, List<LogLine> lines) {
        LineSplitter.split(text, (line, truncated) -> {
            if (lines.size() == MAX_LINES) {
                throw DeployRules.invalid("a request must have at most " + MAX_LINES + " lines");
            }
            lines.add(new LogLine(0, stream, line, truncated, time));
        });
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw DeployRules.invalid("time must be an ISO 8601 date and time with an offset");
        }
    }
}
