package io.tidegate.proxy.origin;

/**
 * Identifies the client that sent a request to an origin.
 *
 * @param address the client's IPv4 address, or the network of its IPv6 address
 * @param proxy whether this is the address of a trusted proxy, which sends requests on behalf of many clients
 * @param server the id of the server in the client's cookie; empty if there is no cookie
 */
public record ClientKey(String address, boolean proxy, String server) {

    /** Creates a key for a client that has no server cookie. */
    public ClientKey(String address, boolean proxy) {
        this(address, proxy, "");
    }
}
