package io.tidegate.proxy.origin;

/**
 * Identifies the client of a request to an origin.
 *
 * @param address the address of the client, for IPv6 its network
 * @param proxy whether this is the address of a trusted proxy, which sends the requests of many clients
 * @param server the id of the server that the client names in a cookie; empty if it names none
 */
public record ClientKey(String address, boolean proxy, String server) {

    /** Creates the key of a client that names no server. */
    public ClientKey(String address, boolean proxy) {
        this(address, proxy, "");
    }
}
