package io.tidegate.proxy.differential;

/**
 * The reaction of the origin to a request.
 *
 * @param early the bytes that it sends after it has read the head
 * @param late the bytes that it sends after it has read the body
 * @param closes whether it closes the connection then
 * @param readsBody whether it reads the body, before {@code late} is sent
 */
record Behaviour(String name, String early, String late, boolean closes, boolean readsBody) {

    /** Sends a response after the request has been read, and keeps the connection. */
    static Behaviour sends(String name, String response) {
        return new Behaviour(name, "", response, false, true);
    }

    /** Sends something after the request has been read, and closes the connection. */
    static Behaviour sendsAndCloses(String name, String response) {
        return new Behaviour(name, "", response, true, true);
    }

    /** Returns the behaviour for a request with this method. For HEAD, the bodies of the responses are omitted. */
    Behaviour to(String method) {
        return method.equals("HEAD")
                ? new Behaviour(name, withoutBody(early), withoutBody(late), closes, readsBody)
                : this;
    }

    private static String withoutBody(String responses) {
        int end = responses.indexOf("\r\n\r\n", Math.max(0, responses.lastIndexOf("HTTP/1")));
        return end < 0 ? responses : responses.substring(0, end + 4);
    }
}
