package io.tidegate.edge.message;

import java.util.Locale;

/** The fields in which proxies describe the client: {@code Forwarded} (RFC 7239) and its older equivalents. */
public final class ClientFields {

    private ClientFields() {}

    /**
     * Returns whether the field describes the client. Underscores count as hyphens, because CGI-style servers do not
     * distinguish them.
     */
    public static boolean include(String name) {
        char first = name.isEmpty() ? ' ' : name.charAt(0);
        if (first != 'x' && first != 'X' && first != 'f' && first != 'F') {
            return false;
        }
        String spelled = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return spelled.startsWith("x-forwarded-") || spelled.equals("forwarded") || spelled.equals("x-real-ip");
    }
}
