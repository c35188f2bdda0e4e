package io.tidegate.edge.client;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The address of a client, as {@link TrustedProxies#client} finds it. An IPv4 address in the clothes of an IPv6 one
 * ({@code ::ffff:192.0.2.1}) is the IPv4 address.
 */
public record ClientAddress(InetAddress address) {

    /** The bytes of an IPv6 address that name the network of one customer. */
    private static final int SITE_BYTES = 8;

    /** Stands for a client whose address nobody knows. */
    static final ClientAddress UNKNOWN = new ClientAddress(of(new byte[4]));

    /** The address as text, IPv6 in the short form of RFC 5952, without brackets. */
    public String text() {
        return NetUtil.toAddressString(address);
    }

    /** What one client cannot choose at will: its IPv4 address, or the /64 its IPv6 address is in. */
    public String site() {
        byte[] bytes = address.getAddress();
        if (bytes.length <= SITE_BYTES) {
            return text();
        }
        Arrays.fill(bytes, SITE_BYTES, bytes.length, (byte) 0);
        return NetUtil.toAddressString(of(bytes)) + "/64";
    }

    /** Reads an address; never asks a name server. */
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
