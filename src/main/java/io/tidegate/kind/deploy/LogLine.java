package io.tidegate.kind.deploy;

import io.tidegate.event.Draft;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of a deploy's output.
 *
 * @param number the number of the line in its run, counted from 1 across both streams in the order in which lines were
 *     read; 0 for a posted line, which only its sender could number. Readers can use it to detect a line that was
 *     committed twice because the journal did not confirm the first commit
 * @param text the text without the line terminator, at most {@link LineSplitter#MAX_BYTES} bytes of UTF-8
 * @param truncated whether the line was truncated
 * @param time the time at which the line was read, or the time of a posted line
 */
record LogLine(long number, Stream stream, String text, boolean truncated, Instant time) {

    private static final EventType TYPE = new EventType("deploy_log");

    /** The output stream to which the program wrote the line. */
    enum Stream {
        STDOUT,
        STDERR;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Stream> named(String text) {
            return Arrays.stream(values())
                    .filter(stream -> stream.text().equals(text))
                    .findFirst();
        }
    }

    /** Returns the event that adds this line to a deploy's log. */
    Draft draft(String deployId) {
        JsonObject data = new JsonObject().put("deploy_id", deployId);
        if (number > 0) {
            data.put("n", number);
        }
        data.put("stream", stream.text()).put("line", text).put("time", Deploy.text(time));
        if (truncated) {
            data.put("truncated", true);
        }
        return new Draft(Kind.DEPLOYS.topicOf(deployId), TYPE, Optional.empty(), JsonText.of(data));
    }
}
