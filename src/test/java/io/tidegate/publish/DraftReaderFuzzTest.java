package io.tidegate.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.edge.message.MediaType;
import io.tidegate.event.Draft;
import io.tidegate.fixture.Fuzz;
import io.tidegate.fixture.RandomJson;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class DraftReaderFuzzTest {

    private static final MediaType LINES = MediaType.of("application/x-ndjson");
    private static final Set<Code> REFUSALS =
            Set.of(Code.MALFORMED_JSON, Code.INVALID_BODY, Code.INVALID_TOPIC, Code.INVALID_TYPE, Code.INVALID_KEY);
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** A draft as its publisher intends it. */
    private record Meant(String topic, String type, Optional<String> key, String data) {

        String json() {
            String identity =
                    key.map(text -> ",\"key\":" + RandomJson.quoted(text)).orElse("");
            return "{\"data\":" + data + identity + ",\"type\":\"" + type + "\",\"topic\":" + RandomJson.quoted(topic)
                    + "}";
        }
    }

    @Fuzz
    void whatIsPublishedIsKeptAsItWasMeant(@ForAll("drafts") List<Meant> drafts) throws JsonProcessingException {
        String array = drafts.stream().map(Meant::json).collect(Collectors.joining(" ,\n", "[", "]"));
        assertKept(drafts, read(MediaType.JSON, array.getBytes(StandardCharsets.UTF_8)));
        String lines = drafts.stream()
                .map(draft -> draft.json().replace("\r\n", " "))
                .collect(Collectors.joining("\r\n", "\n", "\n"));
        assertKept(drafts, read(LINES, lines.getBytes(StandardCharsets.UTF_8)));
    }

    @Fuzz
    void anyOtherBodyIsRefusedWithAProblem(@ForAll("bodies") byte[] body) {
        for (MediaType type : List.of(MediaType.JSON, LINES)) {
            try {
                assertFalse(DraftReader.read(type, body).drafts().isEmpty());
            } catch (ProblemException refused) {
                Problem problem = refused.problem();
                assertTrue(REFUSALS.contains(problem.code()), problem::toString);
                assertFalse(problem.detail().matches("(?s).*(com\\.|java\\.|Source|Stream|Parser).*"), problem::detail);
                assertTrue(problem.detail().length() < 400, problem::detail);
            }
        }
    }

    private static List<Draft> read(MediaType type, byte[] body) {
        return DraftReader.read(type, body).drafts();
    }

    private static void assertKept(List<Meant> meant, List<Draft> read) throws JsonProcessingException {
        assertEquals(meant.size(), read.size());
        for (int i = 0; i < meant.size(); i++) {
            Draft draft = read.get(i);
            String data = draft.data().toString();
            assertEquals(meant.get(i).topic(), draft.topic().name());
            assertEquals(meant.get(i).type(), draft.type().name());
            assertEquals(meant.get(i).key(), draft.key());
            assertEquals(tree(meant.get(i).data()), tree(data));
            assertTrue(data.indexOf('\r') < 0 && data.indexOf('\n') < 0, "the data must be on one line");
            String stored = new String(data.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            assertEquals(data, stored, "the data must be the same after encoding as UTF-8");
        }
    }

    private static JsonNode tree(String json) throws JsonProcessingException {
        return JSON.readTree(json);
    }

    @Provide
    Arbitrary<List<Meant>> drafts() {
        return draft().list().ofMinSize(1).ofMaxSize(4).withoutEdgeCases();
    }

    private static Arbitrary<Meant> draft() {
        Arbitrary<String> keys = Arbitraries.strings()
                .withCharRange(' ', '~')
                .withChars("\u00e9\u2028\uFEFF")
                .ofMinLength(1)
                .ofMaxLength(20);
        return Combinators.combine(
                        Arbitraries.of("notes", "notes/1", "a.b/c~d/@e"),
                        Arbitraries.of("note", "note.added", "a:b-c"),
                        keys.optional(),
                        RandomJson.values())
                .as(Meant::new);
    }

    /** Generates bodies with some bytes removed, inserted or overwritten, and arbitrary bytes. */
    @Provide
    Arbitrary<byte[]> bodies() {
        Arbitrary<byte[]> valid = draft().map(meant -> ("[" + meant.json() + "]").getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> broken = Combinators.combine(
                        valid,
                        Arbitraries.integers().between(0, 400),
                        Arbitraries.integers().between(0, 8),
                        Arbitraries.of(
                                "", "\"", "{", "[[[[", "]", ",", ":", "\\u", "0x", "9e99999", "\0", "\u00e9", "\n"))
                .as(DraftReaderFuzzTest::splice);
        Arbitrary<byte[]> deep = Arbitraries.integers()
                .between(1, 50_000)
                .map(depth -> ("{\"data\":" + "[".repeat(depth)).getBytes(StandardCharsets.UTF_8));
        return Arbitraries.frequencyOf(
                        Tuple.of(8, broken),
                        Tuple.of(2, Arbitraries.bytes().array(byte[].class).ofMaxSize(60)),
                        Tuple.of(1, deep))
                .withoutEdgeCases();
    }

    private static byte[] splice(byte[] body, int position, int cut, String replacement) {
        int start = position % body.length;
        byte[] put = replacement.getBytes(StandardCharsets.ISO_8859_1);
        byte[] rest = Arrays.copyOfRange(body, Math.min(body.length, start + cut), body.length);
        byte[] spliced = Arrays.copyOf(body, start + put.length + rest.length);
        System.arraycopy(put, 0, spliced, start, put.length);
        System.arraycopy(rest, 0, spliced, start + put.length, rest.length);
        return spliced;
    }
}
