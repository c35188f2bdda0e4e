package io.tidegate.problem;

/**
 * Carries a {@link Problem} from a parser or through a failed future to the handler that responds with it. It has no
 * stack trace, because it reports the refusal of a request rather than a defect of the gateway.
 */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.code().text() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
