package io.tidegate.proxy.origin;

/**
 * Identifies the client of a request to an origin.
 *
 * @param address the address of the client, for IPv6 its network
 * @param proxy whether this is the address of a trusted proxy, which sends the requests of many clients
 */
public record ClientKey(String address, boolean proxy) {}
