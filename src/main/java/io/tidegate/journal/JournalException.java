package io.tidegate.journal;

import io.tidegate.problem.Code;

/** Thrown, or set as the failure of a future, if the journal cannot be opened, or cannot commit or read. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Code code;

    public JournalException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public JournalException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
