package io.tidegate.journal;

import io.tidegate.problem.Code;

/** The journal could not commit, read or open. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Code code;

    JournalException(Code code, String message) {
        super(message);
        this.code = code;
    }

    JournalException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    Code code() {
        return code;
    }
}
