package io.tidegate.http;

/**
 * The work of one event loop that was cut off because a shutdown reached its time limit.
 *
 * @param connections the number of connections of clients with a request in progress
 * @param requestsToOrigins the number of requests to origins; several may share a connection over HTTP/2
 */
public record Unfinished(int connections, int requestsToOrigins) {}
