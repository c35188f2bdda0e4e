package io.tidegate.edge.message;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * The content codings that the gateway can decode: {@code gzip} and {@code deflate}
 * (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1">RFC 9110 8.4.1</a>).
 */
public final class ContentCoding {

    /** The value of {@code Accept-Encoding} in the gateway's own requests. */
    public static final String ACCEPTED = "gzip, deflate";

    private static final List<String> DECODABLE = List.of("gzip", "x-gzip", "deflate");
    private static final String IDENTITY = "identity";
    /** The maximum number of consecutive members without content in a gzip body (RFC 1952 2.2). */
    private static final int MAX_EMPTY_MEMBERS = 16;

    private static final Pattern ZERO = Pattern.compile("\\s*q\\s*=\\s*0(\\.0*)?\\s*", Pattern.CASE_INSENSITIVE);

    private ContentCoding() {}

    /** Thrown if a body has a content coding that the gateway cannot decode. */
    public static final class UnknownCodingException extends IOException {

        private static final long serialVersionUID = 1L;

        UnknownCodingException() {
            super("the content coding must be gzip or deflate");
        }
    }

    /** Thrown if a decoded body would be larger than the limit. */
    public static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1L;

        TooLargeException(int limit) {
            super("the decoded body must have at most " + limit + " bytes");
        }
    }

    /**
     * Decodes a body.
     *
     * @param headers the headers of the message with this body
     * @param limit the maximum size of the decoded body in bytes, at which decoding stops
     * @throws UnknownCodingException if the body has several codings, or a coding that the gateway cannot decode
     * @throws TooLargeException if the decoded body is larger than the limit
     * @throws IOException if the body is malformed or incomplete
     */
    public static byte[] decode(byte[] body, MultiMap headers, int limit) throws IOException {
        List<String> codings = list(headers, HttpHeaders.CONTENT_ENCODING);
        codings.removeIf(IDENTITY::equalsIgnoreCase);
        if (codings.size() > 1 || !codings.isEmpty() && !HopByHop.isIn(codings.get(0), DECODABLE)) {
            throw new UnknownCodingException();
        }
        if (codings.isEmpty()) {
            return bounded(new ByteArrayInputStream(body), limit);
        }
        try (InputStream decoded = codings.get(0).equalsIgnoreCase("deflate") ? inflated(body) : unzipped(body)) {
            return bounded(decoded, limit);
        }
    }

    private static byte[] bounded(InputStream in, int limit) throws IOException {
        byte[] plain = in.readNBytes(limit + 1);
        if (plain.length > limit) {
            throw new TooLargeException(limit);
        }
        return plain;
    }

    private static InputStream unzipped(byte[] body) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(body)) {
            private int depth;

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                // The JDK calls this method recursively for each member without content, which could exhaust the stack.
                if (depth == MAX_EMPTY_MEMBERS) {
                    throw new ZipException("too many empty members");
                }
                depth++;
                try {
                    return super.read(bytes, offset, length);
                } finally {
                    depth--;
                }
            }
        };
    }

    /**
     * Decodes {@code deflate}: the zlib format, or raw deflate data from senders that deviate from RFC 9110 8.4.1.2.
     */
    private static InputStream inflated(byte[] body) {
        boolean zlib = body.length >= 2 && (body[0] & 0x0f) == 8 && ((body[0] & 0xff) << 8 | body[1] & 0xff) % 31 == 0;
        Inflater inflater = new Inflater(!zlib);
        return new InflaterInputStream(new ByteArrayInputStream(body), inflater) {
            @Override
            public void close() throws IOException {
                super.close();
                inflater.end();
            }
        };
    }

    /**
     * Removes the codings that the gateway cannot decode from {@code Accept-Encoding}. A request is not changed if it
     * would not accept any coding afterwards.
     */
    public static void acceptDecodable(MultiMap request) {
        if (!request.contains(HttpHeaders.ACCEPT_ENCODING)) {
            return;
        }
        List<String> kept = new ArrayList<>();
        Map<String, Boolean> accepted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        List<String> preferences = list(request, HttpHeaders.ACCEPT_ENCODING);
        for (String preference : preferences) {
            String[] parts = preference.split(";", -1);
            String coding = parts[0].strip().toLowerCase(Locale.ROOT);
            boolean refused = Arrays.stream(parts).skip(1).anyMatch(part -> ZERO.matcher(part)
                    .matches());
            accepted.put(coding, !refused);
            if (refused || coding.equals(IDENTITY) || DECODABLE.contains(coding)) {
                kept.add(preference);
            }
        }
        boolean plain = accepted.getOrDefault(IDENTITY, accepted.getOrDefault("*", true));
        boolean acceptable = plain || DECODABLE.stream().anyMatch(coding -> accepted.getOrDefault(coding, false));
        if (acceptable && kept.size() < preferences.size()) {
            request.set(HttpHeaders.ACCEPT_ENCODING, kept.isEmpty() ? IDENTITY : String.join(", ", kept));
        }
    }

    private static List<String> list(MultiMap headers, CharSequence name) {
        List<String> elements = new ArrayList<>();
        for (String line : headers.getAll(name)) {
            Arrays.stream(line.split(",", -1))
                    .map(String::strip)
                    .filter(element -> !element.isEmpty())
                    .forEach(elements::add);
        }
        return elements;
    }
}
