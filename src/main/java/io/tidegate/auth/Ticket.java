package io.tidegate.auth;

import java.time.Duration;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A ticket, as issued to a client.
 *
 * @param text the value of {@code ?ticket=}: {@code tide-} followed by 43 characters from {@code A-Z a-z 0-9 _ -}
 * @param idle the time for which the ticket is valid after its last use
 * @param max the maximum time for which the ticket is valid
 */
public record Ticket(String text, Duration idle, Duration max) {

    private static final String PREFIX = "tide-";
    private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

    static String text(byte[] secret) {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /**
     * Returns whether the text has the form of a ticket. The value of {@code ?ticket=} may have another form, because
     * origins may use a parameter of the same name for their own tickets.
     */
    static boolean looksLike(String text) {
        return FORM.matcher(text).matches();
    }

    /** Omits the secret, so that a logged ticket cannot be used. */
    @Override
    public String toString() {
        return "Ticket[idle=" + idle + ", max=" + max + "]";
    }
}
