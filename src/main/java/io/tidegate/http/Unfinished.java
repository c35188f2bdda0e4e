package io.tidegate.http;

/**
 * The work of one event loop that was cut off because a shutdown reached its time limit.
 *
 * @param connections the number of client connections with a request in progress
 * @param requestsToOrigins the number of requests to origins; over HTTP/2, several may share a client connection
 */
public record Unfinished(int connections, int requestsToOrigins) {}
