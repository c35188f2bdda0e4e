package io.tidegate.adapter.grip;

import io.tidegate.event.JsonText;
import io.tidegate.problem.ProblemException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The GRIP instructions in the head of an origin's response.
 *
 * @param spec the specification of the hold; empty if the client is not to be held
 * @param status the status to send to the client; empty if the status of the origin's response is used
 * @param inBody whether the body contains instructions, which then replace those in the head
 */
record Instruction(Optional<HoldSpec> spec, Optional<Status> status, boolean inBody) {

    static final Instruction NONE = new Instruction(Optional.empty(), Optional.empty(), false);

    private static final String PREFIX = "grip-";

    /** The instructions in a body: the specification of the hold, if there is one, and the response for the client. */
    record InBody(Optional<HoldSpec> spec, HeldReply reply) {}

    /**
     * A response status.
     *
     * @param reason the reason phrase; empty for the standard one
     */
    record Status(int code, String reason) {

        private static Status parse(String text) {
            String[] parts = text.strip().split(" ", 2);
            return new Status(Integer.parseInt(parts[0]), parts.length == 2 ? parts[1].strip() : "");
        }
    }

    /**
     * Removes all {@code Grip-*} fields from the headers and parses them.
     *
     * @throws IllegalArgumentException if an instruction is malformed or not supported
     */
    static Instruction extract(MultiMap headers) {
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, String> field : headers.entries()) {
            if (field.getKey().toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
                fields.add(field.getKey(), field.getValue());
            }
        }
        fields.names().forEach(headers::remove);
        String type = headers.get(HttpHeaders.CONTENT_TYPE);
        if (type != null && Fields.value(type).text().toLowerCase(Locale.ROOT).equals("application/grip-instruct")) {
            return new Instruction(Optional.empty(), Optional.empty(), true);
        }
        if (fields.isEmpty()) {
            return NONE;
        }
        List<String> holds = fields.getAll("Grip-Hold");
        if (holds.size() > 1) {
            throw new IllegalArgumentException("Grip-Hold must not be given more than once");
        }
        if (holds.isEmpty() && hasNextLink(fields.getAll("Grip-Link"))) {
            throw new IllegalArgumentException(
                    "Grip-Link without a hold is not supported, because the client would get a partial response");
        }
        return new Instruction(
                holds.stream().findFirst().map(mode -> spec(Mode.named(mode.strip()), fields)),
                Optional.ofNullable(fields.get("Grip-Status")).map(Status::parse),
                false);
    }

    /**
     * Parses a body whose type is {@code application/grip-instruct}.
     *
     * @throws IllegalArgumentException if the body is malformed or an instruction is not supported
     */
    static InBody parse(Buffer body) {
        try {
            JsonText text = JsonText.parse(JsonText.decode(body.getBytes()));
            if (!text.isObject()) {
                throw new IllegalArgumentException("an instruction must be an object");
            }
            JsonObject instruction = GripItem.present(text.object());
            return new InBody(
                    Optional.ofNullable(instruction.getJsonObject("hold")).map(HoldSpec::parse),
                    HeldReply.parse(instruction.getJsonObject("response", new JsonObject())));
        } catch (ProblemException notJson) {
            throw new IllegalArgumentException(notJson.problem().detail(), notJson);
        } catch (ClassCastException otherType) {
            throw new IllegalArgumentException("an instruction has a member of the wrong type", otherType);
        }
    }

    private static boolean hasNextLink(List<String> links) {
        return Fields.list(links).stream()
                .anyMatch(link -> link.parameter("rel").filter("next"::equals).isPresent());
    }

    private static HoldSpec spec(Mode mode, MultiMap fields) {
        Map<String, String> meta = new HashMap<>();
        Fields.list(fields.getAll("Grip-Set-Meta")).forEach(set -> {
            Map.Entry<String, String> pair = Fields.pair(set.text());
            meta.put(pair.getKey(), pair.getValue());
        });
        String timeout = fields.get("Grip-Timeout");
        return HoldSpec.of(
                mode,
                Fields.list(fields.getAll("Grip-Channel")).stream()
                        .map(Instruction::parseChannel)
                        .toList(),
                meta,
                timeout == null ? HoldSpec.DEFAULT_SECONDS : Integer.parseInt(timeout.strip()),
                Optional.ofNullable(fields.get("Grip-Keep-Alive")).map(KeepAlive::parse));
    }

    private static HoldSpec.Wanted parseChannel(Fields.Value channel) {
        return new HoldSpec.Wanted(
                channel.text(),
                channel.parameter("prev-id"),
                channel.parameters().stream()
                        .filter(parameter -> parameter.getKey().equals("filter"))
                        .map(Map.Entry::getValue)
                        .toList());
    }
}
