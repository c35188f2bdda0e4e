package io.tidegate.kind.deploy;

import io.tidegate.kind.deploy.LogLine.Stream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads log lines that a service posts: {@code {"line","stream"?,"time"?}}, or {@code {"lines":[…]}} of such objects or
 * of text. Text with line ends is as many lines as a program's output would be, cut by the same rule.
 *
 * @param now the time of a line that comes with none
 */
record PostedLines(Instant now) {

    private static final int MAX_LINES = 1000;

    /** @throws io.tidegate.problem.ProblemException {@code invalid-body} */
    List<LogLine> read(JsonObject body) {
        List<LogLine> lines = new ArrayList<>();
        if (body.containsKey("line") == body.containsKey("lines")) {
            throw DeployRules.invalid("either line or lines is given");
        }
        if (body.containsKey("line")) {
            readLine(body, lines);
        } else if (body.getValue("lines") instanceof JsonArray array) {
            array.forEach(element -> readElement(element, lines));
        } else {
            throw DeployRules.invalid("lines is an array");
        }
        return lines;
    }

    private void readElement(Object element, List<LogLine> lines) {
        if (element instanceof String text) {
            split(text, Stream.STDOUT, now, lines);
        } else if (element instanceof JsonObject line) {
            readLine(line, lines);
        } else {
            throw DeployRules.invalid("a line is text or an object");
        }
    }

    private void readLine(JsonObject line, List<LogLine> lines) {
        String text = DeployRules.text(line, "line").orElseThrow(() -> DeployRules.invalid("line is text"));
        Stream stream = DeployRules.text(line, "stream")
                .map(name ->
                        Stream.named(name).orElseThrow(() -> DeployRules.invalid("stream is one of stdout, stderr")))
                .orElse(Stream.STDOUT);
        Optional<Instant> time = DeployRules.text(line, "time").map(PostedLines::instant);
        split(text, stream, time.orElse(now), lines);
    }

    private static void split(String text, Stream stream, Instant time, List<LogLine> lines) {
        LineSplitter.split(text, (line, truncated) -> {
            if (lines.size() == MAX_LINES) {
                throw DeployRules.invalid("at most " + MAX_LINES + " lines are posted at once");
            }
            lines.add(new LogLine(0, stream, line, truncated, time));
        });
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw DeployRules.invalid("time is a date and time of ISO 8601 with an offset");
        }
    }
}
