package io.tidegate.proxy.origin;

/**
 * Identifies the client of a request to an origin.
 *
 * @param address the address of the client, or its network in the case of IPv6
 * @param proxy whether this is the address of a trusted proxy, which sends the requests of many clients
 * @param server the id of the server that the client's cookie names; empty without a cookie
 */
public record ClientKey(String address, boolean proxy, String server) {

    /** Creates the key of a client without a server in a cookie. */
    public ClientKey(String address, boolean proxy) {
        this(address, proxy, "");
    }
}
