package io.tidegate.edge.client;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range of addresses, such as {@code 10.0.0.0/8} or {@code fd00::/8}, or a single address. */
record Network(InetAddress address, int bits) {

    private static final Pattern FORM = Pattern.compile("([0-9A-Fa-f.:]{2,45})(?:/(\\d{1,3}))?");

    /**
     * Parses a range of addresses or a single address.
     *
     * @throws IllegalArgumentException if the text is not a range of addresses
     */
    static Network parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw malformed();
        }
        InetAddress address = ClientAddress.parse(form.group(1)).orElseThrow(Network::malformed);
        int all = address.getAddress().length * Byte.SIZE;
        int bits = form.group(2) == null ? all : Integer.parseInt(form.group(2));
        if (bits > all) {
            throw malformed();
        }
        return new Network(address, bits);
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("must be unix, an address, or a network such as 10.0.0.0/8 or fd00::/8");
    }

    boolean contains(InetAddress other) {
        byte[] own = address.getAddress();
        byte[] given = other.getAddress();
        if (own.length != given.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += Byte.SIZE) {
            int mask = 0xff << Math.max(0, Byte.SIZE - (bits - bit));
            if (((own[bit / Byte.SIZE] ^ given[bit / Byte.SIZE]) & mask & 0xff) != 0) {
                return false;
            }
        }
        return true;
    }
}
