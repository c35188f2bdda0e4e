package io.tidegate.bench;

import static io.tidegate.bench.Marked.stamp;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventScannerTest {

    private static final int RUN = 0xbeef;

    private final List<String> events = new ArrayList<>();
    private final EventScanner scanner =
            new EventScanner(RUN, (series, sequence, nanos) -> events.add(series + "/" + sequence + "/" + nanos));

    @Test
    void eventsAndIdsAreFoundWhereverTheBytesAreCut() {
        String stream = ": hello\nretry: 100\nid: e-0\n\n"
                + "id: e-1\nevent: bench\ndata: \"" + stamp(RUN, 3, 1, 77) + "xxx\"\n\n"
                + "id:e-2\r\ndata: a ~ b ~~" + stamp(RUN, 4, 2, 78) + "~~\r\n\r\n"
                + "id: e-3\n\n"
                + "idle: 1\nevent: id: x\ndata: ~" + stamp(RUN, 5, 3, 79) + "\n\n";
        for (int cut = 0; cut <= stream.length(); cut++) {
            events.clear();
            scan(stream.substring(0, cut));
            scan(stream.substring(cut));
            assertEquals(List.of("3/1/77", "4/2/78", "5/3/79"), events, "cut at " + cut);
            assertEquals("e-3", scanner.lastId());
        }
        events.clear();
        stream.chars().forEach(c -> scan(Character.toString(c)));
        assertEquals(List.of("3/1/77", "4/2/78", "5/3/79"), events);
    }

    @Test
    void aBlockCountsWhenItIsWholeAndNotWhenItsConnectionEndsBefore() {
        scan("id: e-1\ndata: " + stamp(RUN, 0, 1, 1) + "\n\nid: e-2\ndata: " + stamp(RUN, 0, 2, 2) + "\n");
        scanner.cutOff();
        scan("\nid: e-2\ndata: " + stamp(RUN, 0, 2, 2) + "\n\n");
        assertEquals(List.of("0/1/1", "0/2/2"), events);
        assertEquals("e-2", scanner.lastId());
        scan("id: e-9\n");
        scanner.cutOff();
        assertEquals("e-2", scanner.lastId());
    }

    @Test
    void whatIsNoMarkOfThisRunIsPassedOver() {
        String stamp = stamp(RUN, 0, 1, 1);
        scan("data: " + stamp(RUN - 1, 0, 1, 1) + "\n\n");
        scan("data: " + stamp.replace('0', 'g') + "\n\n");
        scan("data: " + stamp.substring(0, stamp.length() - 1) + "\n\n");
        scan("data: ~\n\n");
        assertEquals(List.of(), events);
        scan("data: " + stamp + "\n\n");
        assertEquals(1, events.size());
    }

    @Test
    void aLongIdIsCutAndDoesNoHarm() {
        scan("id: " + "9".repeat(10_000) + "\ndata: " + stamp(RUN, 1, 1, 1) + "\n\n");
        assertEquals(1, events.size());
        scan("id: short\n\n");
        assertEquals("short", scanner.lastId());
    }

    private void scan(String text) {
        ByteBuf in = bytes(text);
        scanner.scan(in, 0, in.readableBytes());
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
