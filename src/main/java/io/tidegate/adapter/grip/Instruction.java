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
 * What an origin asks for in the head of its answer.
 *
 * @param terms on which the client is to be held, if it is
 * @param status the one for the client, where it is another than the answer's
 * @param inBody whether the body is an instruction, and all that counts
 */
record Instruction(Optional<HoldSpec> terms, Optional<Status> status, boolean inBody) {

    static final Instruction NONE = new Instruction(Optional.empty(), Optional.empty(), false);

    private static final String PREFIX = "grip-";

    /** What a body asks for: the answer, and on which terms its client is to be held, if it is. */
    record InBody(Optional<HoldSpec> terms, HeldReply reply) {}

    /** @param reason empty for the usual one */
    record Status(int code, String reason) {

        private static Status parse(String text) {
            String[] parts = text.strip().split(" ", 2);
            return new Status(Integer.parseInt(parts[0]), parts.length == 2 ? parts[1].strip() : "");
        }
    }

    /**
     * Takes every {@code Grip-*} field out of a head, and reads what they say.
     *
     * @throws IllegalArgumentException when the origin wants what is not done here
     */
    static Instruction take(MultiMap headers) {
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
            throw new IllegalArgumentException("there is more than one Grip-Hold");
        }
        if (holds.isEmpty() && follows(fields.getAll("Grip-Link"))) {
            throw new IllegalArgumentException("no link is followed: the client would get a part of the answer");
        }
        return new Instruction(
                holds.stream().findFirst().map(mode -> terms(Mode.named(mode.strip()), fields)),
                Optional.ofNullable(fields.get("Grip-Status")).map(Status::parse),
                false);
    }

    /**
     * Reads a body of {@code application/grip-instruct}.
     *
     * @throws IllegalArgumentException when the origin wants what is not done here, or it is not such a body
     */
    static InBody parse(Buffer body) {
        try {
            JsonText text = JsonText.parse(JsonText.decode(body.getBytes()));
            if (!text.isObject()) {
                throw new IllegalArgumentException("an instruction is an object");
            }
            JsonObject instruction = GripItem.present(text.object());
            return new InBody(
                    Optional.ofNullable(instruction.getJsonObject("hold")).map(HoldSpec::parse),
                    HeldReply.parse(instruction.getJsonObject("response", new JsonObject())));
        } catch (ProblemException notJson) {
            throw new IllegalArgumentException(notJson.problem().detail(), notJson);
        } catch (ClassCastException otherType) {
            throw new IllegalArgumentException("an instruction has a member of another type", otherType);
        }
    }

    private static boolean follows(List<String> links) {
        return Fields.list(links).stream()
                .anyMatch(link -> link.parameter("rel").filter("next"::equals).isPresent());
    }

    private static HoldSpec terms(Mode mode, MultiMap fields) {
        Map<String, String> meta = new HashMap<>();
        Fields.list(fields.getAll("Grip-Set-Meta")).forEach(set -> {
            Map.Entry<String, String> pair = Fields.pair(set.text());
            meta.put(pair.getKey(), pair.getValue());
        });
        String timeout = fields.get("Grip-Timeout");
        return HoldSpec.of(
                mode,
                Fields.list(fields.getAll("Grip-Channel")).stream()
                        .map(Instruction::wanted)
                        .toList(),
                meta,
                timeout == null ? HoldSpec.DEFAULT_SECONDS : Integer.parseInt(timeout.strip()),
                Optional.ofNullable(fields.get("Grip-Keep-Alive")).map(KeepAlive::parse));
    }

    private static HoldSpec.Wanted wanted(Fields.Value channel) {
        return new HoldSpec.Wanted(
                channel.text(),
                channel.parameter("prev-id"),
                channel.parameters().stream()
                        .filter(parameter -> parameter.getKey().equals("filter"))
                        .map(Map.Entry::getValue)
                        .toList());
    }
}
