package io.tidegate.auth;

import java.time.Duration;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A ticket as it is handed out.
 *
 * @param text what a client puts after {@code ?ticket=}: {@code tide-} and 43 of {@code A-Z a-z 0-9 _ -}
 * @param idle how long it lives when it is not used
 * @param max how long it lives at most
 */
public record Ticket(String text, Duration idle, Duration max) {

    private static final String PREFIX = "tide-";
    private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

    static String text(byte[] secret) {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** Whether it can be one of ours: origins have parameters of this name too, with tickets of their own. */
    static boolean looksLike(String text) {
        return FORM.matcher(text).matches();
    }

    /** Without the secret, so that a ticket in a log line gives nothing away. */
    @Override
    public String toString() {
        return "Ticket[idle=" + idle + ", max=" + max + "]";
    }
}
