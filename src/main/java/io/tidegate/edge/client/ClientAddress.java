package io.tidegate.edge.client;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The address of a client, as determined by {@link TrustedProxies#client}. An IPv4-mapped IPv6 address
 * ({@code ::ffff:192.0.2.1}) is converted to IPv4.
 */
public record ClientAddress(InetAddress address) {

    /** The number of leading bytes in an IPv6 address that identify one customer's network. */
    private static final int SITE_BYTES = 8;

    /** A placeholder for the address of a client whose real address is unknown. */
    static final ClientAddress UNKNOWN = new ClientAddress(of(new byte[4]));

    /** The address that stands for every peer on a Unix socket, that is, for a process on this host. */
    static final ClientAddress LOCAL = new ClientAddress(of(new byte[] {127, 0, 0, 1}));

    /** Returns the address as text. An IPv6 address is in the compressed form of RFC 5952, without brackets. */
    public String text() {
        return NetUtil.toAddressString(address);
    }

    /**
     * Returns the part of the address that a client cannot change at will: the whole IPv4 address, or the /64 prefix of
     * an IPv6 address.
     */
    public String site() {
        byte[] bytes = address.getAddress();
        if (bytes.length <= SITE_BYTES) {
            return text();
        }
        Arrays.fill(bytes, SITE_BYTES, bytes.length, (byte) 0);
        return NetUtil.toAddressString(of(bytes)) + "/64";
    }

    /** Parses an address without querying DNS. */
    static Optional<InetAddress> parse(String text) {
        int zone = text.indexOf('%');
        return Optional.ofNullable(
                        NetUtil.createByteArrayFromIpAddressString(zone < 0 ? text : text.substring(0, zone)))
                .map(ClientAddress::of);
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException ofAnotherLength) {
            throw new IllegalArgumentException(ofAnotherLength);
        }
    }
}
