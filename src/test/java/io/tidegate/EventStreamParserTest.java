package io.tidegate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.EventStreamParser.Message;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parser that the tests read streams with, held against the standard. */
class EventStreamParserTest {

    private static final List<String> PIECES = List.of(
            "data",
            "event",
            "id",
            "retry",
            "Data",
            ":",
            ":",
            ":",
            " ",
            "\n",
            "\n",
            "\r",
            "\r\n",
            "\0",
            "\uFEFF",
            "7",
            "99999999999999999999",
            "a",
            "b c",
            "\u00e9",
            "\uD83D\uDE00",
            "\u2028");

    /** The examples of the section, and what it says of each. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data: YHOO~data: +2~data: 10~~ | YHOO~+2~10",
                "data~~data~data~~data: | ;~",
                "data:test~~data: test~~ | test;test",
                ": test stream~~data: first event~id: 1~~data:second event~id~~data:  third event~~ "
                        + "| first event;second event;' third event'",
            })
    void theExamplesOfTheStandard(String stream, String expected) {
        String data = new EventStreamParser()
                .feed(stream.replace('~', '\n').getBytes(StandardCharsets.UTF_8)).stream()
                        .map(message -> message.data().replace('\n', '~'))
                        .map(text -> text.startsWith(" ") ? "'" + text + "'" : text)
                        .collect(Collectors.joining(";"));
        assertEquals(expected, data);
    }

    @Fuzz
    void itReadsWhatTheStandardSaysHoweverTheBytesAreCut(@ForAll("streams") byte[] stream, @ForAll("cuts") Cuts cuts) {
        EventStreamParser parser = new EventStreamParser();
        List<Message> read = new ArrayList<>();
        for (byte[] part : cuts.of(stream)) {
            read.addAll(parser.feed(part));
        }
        Standard standard = new Standard();
        standard.read(new String(stream, StandardCharsets.UTF_8));
        assertEquals(standard.messages, read);
        assertEquals(standard.lastEventId, parser.lastEventId());
        assertEquals(standard.retry, parser.retryMillis());
    }

    @Provide
    Arbitrary<byte[]> streams() {
        Arbitrary<byte[]> text = Arbitraries.of(PIECES).list().ofMaxSize(60).map(pieces -> String.join("", pieces)
                .getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> noText = Arbitraries.of(
                        (byte) '\n',
                        (byte) '\r',
                        (byte) ':',
                        (byte) 'a',
                        (byte) 0xc3,
                        (byte) 0xef,
                        (byte) 0xbb,
                        (byte) 0xbf,
                        (byte) 0xf0,
                        (byte) 0x9f)
                .array(byte[].class)
                .ofMaxSize(40)
                .map(bytes -> concat("data:".getBytes(StandardCharsets.US_ASCII), bytes));
        return Arbitraries.oneOf(text, noText);
    }

    @Provide
    Arbitrary<Cuts> cuts() {
        return Cuts.any();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /**
     * Step by step what <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation">the
     * standard</a> has, over the whole stream, decoded.
     */
    private static final class Standard {

        final List<Message> messages = new ArrayList<>();
        String lastEventId = "";
        long retry = -1;
        private String dataBuffer = "";
        private String eventTypeBuffer = "";
        private String lastEventIdBuffer = "";

        /** "Once the end of the file is reached, any pending data must be discarded", and so must a line without an end. */
        void read(String decoded) {
            String text = decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
            String[] lines = text.split("\r\n|\n|\r", -1);
            Arrays.stream(lines).limit(lines.length - 1).forEach(this::line);
        }

        private void line(String line) {
            if (line.isEmpty()) {
                dispatch();
            } else if (line.startsWith(":")) {
                return;
            } else if (line.contains(":")) {
                String value = line.substring(line.indexOf(':') + 1);
                process(line.substring(0, line.indexOf(':')), value.startsWith(" ") ? value.substring(1) : value);
            } else {
                process(line, "");
            }
        }

        private void process(String field, String value) {
            if (field.equals("event")) {
                eventTypeBuffer = value;
            } else if (field.equals("data")) {
                dataBuffer += value + "\n";
            } else if (field.equals("id") && !value.contains("\0")) {
                lastEventIdBuffer = value;
            } else if (field.equals("retry") && value.matches("[0-9]+")) {
                BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
                retry = new BigInteger(value).min(most).longValue();
            }
        }

        private void dispatch() {
            lastEventId = lastEventIdBuffer;
            if (!dataBuffer.isEmpty()) {
                String data = dataBuffer.substring(0, dataBuffer.length() - 1);
                messages.add(new Message(eventTypeBuffer.isEmpty() ? "message" : eventTypeBuffer, data, lastEventId));
            }
            dataBuffer = "";
            eventTypeBuffer = "";
        }
    }
}
