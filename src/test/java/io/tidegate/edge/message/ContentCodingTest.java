package io.tidegate.edge.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.edge.message.ContentCoding.TooLargeException;
import io.tidegate.edge.message.ContentCoding.UnknownCodingException;
import io.vertx.core.MultiMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentCodingTest {

    private static final int LIMIT = 1_000;

    private interface Coder {
        OutputStream on(OutputStream out) throws IOException;
    }

    private static byte[] coded(String text, Coder coder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = coder.on(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static String decoded(byte[] body, String... codings) throws IOException {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        List.of(codings).forEach(coding -> headers.add("Content-Encoding", coding));
        return new String(ContentCoding.decode(body, headers, LIMIT), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "GZip", "identity, gzip", " gzip ,"})
    void gzipIsDecoded(String coding) throws IOException {
        assertEquals("text", decoded(coded("text", GZIPOutputStream::new), coding));
    }

    @Test
    void deflateIsDecodedWithTheZlibFormatAndWithout() throws IOException {
        assertEquals("text", decoded(coded("text", DeflaterOutputStream::new), "deflate"));
        Coder raw = out -> new DeflaterOutputStream(out, new Deflater(Deflater.DEFAULT_COMPRESSION, true));
        assertEquals("text", decoded(coded("text", raw), "deflate"));
    }

    @Test
    void aBodyWithoutCodingIsUnchanged() throws IOException {
        assertEquals("text", decoded("text".getBytes(StandardCharsets.UTF_8)));
        assertEquals("text", decoded("text".getBytes(StandardCharsets.UTF_8), "identity"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "br, gzip", "compress"})
    void otherCodingsAreRefused(String coding) throws IOException {
        byte[] body = coded("text", GZIPOutputStream::new);
        assertThrows(UnknownCodingException.class, () -> decoded(body, coding));
    }

    @Test
    void aBodyThatIsLargerThanTheLimitOnceItIsDecodedIsRefused() throws IOException {
        String bomb = "x".repeat(50 << 20);
        byte[] zipped = coded(bomb, GZIPOutputStream::new);
        byte[] deflated = coded(bomb, DeflaterOutputStream::new);
        assertThrows(TooLargeException.class, () -> decoded(zipped, "gzip"));
        assertThrows(TooLargeException.class, () -> decoded(deflated, "deflate"));
        assertThrows(TooLargeException.class, () -> decoded(new byte[LIMIT + 1]));
        assertEquals(
                LIMIT,
                decoded(coded("x".repeat(LIMIT), GZIPOutputStream::new), "gzip").length());
    }

    @Test
    void severalMembersAreOneBodyButManyEmptyOnesAreRefused() throws IOException {
        byte[] first = coded("te", GZIPOutputStream::new);
        byte[] second = coded("xt", GZIPOutputStream::new);
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        assertEquals("text", decoded(both, "gzip"));
        byte[] empty = coded("", GZIPOutputStream::new);
        byte[] many = new byte[empty.length * 50_000];
        for (int i = 0; i < 50_000; i++) {
            System.arraycopy(empty, 0, many, i * empty.length, empty.length);
        }
        assertThrows(IOException.class, () -> decoded(many, "gzip"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void anIncompleteOrDamagedBodyIsRefused(String coding) throws IOException {
        Coder coder = coding.equals("gzip") ? GZIPOutputStream::new : DeflaterOutputStream::new;
        byte[] whole = coded("a text that is long enough to be cut", coder);
        assertThrows(IOException.class, () -> decoded(Arrays.copyOf(whole, whole.length - 9), coding));
        assertThrows(IOException.class, () -> decoded("no such body".getBytes(StandardCharsets.UTF_8), coding));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, deflate, br, zstd         | gzip, deflate",
                "gzip,deflate                    | gzip,deflate",
                "br;q=1.0, GZIP;q=0.8, *;q=0.1   | GZIP;q=0.8",
                "br                              | identity",
                "*                               | identity",
                "zstd, gzip;q=0                  | gzip;q=0",
                "br, identity;q=0                | br, identity;q=0",
                "br, *;q=0.0                     | br, *;q=0.0",
                "br, gzip, *;q=0                 | gzip, *;q=0",
                "br, identity;q=0.5              | identity;q=0.5"
            })
    void onlyDecodableCodingsAreAccepted(String given, String expected) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Accept-Encoding", given);
        ContentCoding.acceptDecodable(headers);
        assertEquals(expected, headers.get("Accept-Encoding"));
    }

    @Test
    void aRequestWithoutAcceptEncodingIsUnchanged() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        ContentCoding.acceptDecodable(headers);
        assertNull(headers.get("Accept-Encoding"));
    }
}
