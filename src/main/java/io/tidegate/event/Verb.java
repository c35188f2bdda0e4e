package io.tidegate.event;

/** The effect of a command on a member of a kind. */
public enum Verb {
    CREATE("POST", 201),
    /**
     * Replaces a member with the request body. The first {@code PUT} creates the member and responds with the status of
     * {@link #CREATE}.
     */
    PUT("PUT", 200),
    PATCH("PATCH", 200),
    DELETE("DELETE", 200),
    /** Adds something to a member, such as log lines to a deploy or a revision to an item. */
    ADD("POST", 200);

    private final String method;
    private final int status;

    Verb(String method, int status) {
        this.method = method;
        this.status = status;
    }

    /** Returns the HTTP method of the command. */
    public String method() {
        return method;
    }

    /** Returns the HTTP status of a successful response. */
    public int status() {
        return status;
    }
}
