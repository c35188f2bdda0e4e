package io.tidegate.event;

/** What a command does to a member of a kind. */
public enum Verb {
    CREATE("POST", 201),
    /** Puts a body in the place of a member; the first one creates it, with the status of {@link #CREATE}. */
    PUT("PUT", 200),
    PATCH("PATCH", 200),
    DELETE("DELETE", 200),
    /** Adds something that belongs to a member: log lines to a deploy, a revision to an item. */
    ADD("POST", 200);

    private final String method;
    private final int status;

    Verb(String method, int status) {
        this.method = method;
        this.status = status;
    }

    /** Returns the method of the HTTP requests that ask for it. */
    public String method() {
        return method;
    }

    /** Returns the HTTP status that says that it was done. */
    public int status() {
        return status;
    }
}
