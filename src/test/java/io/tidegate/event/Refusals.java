package io.tidegate.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import org.junit.jupiter.api.function.Executable;

/** Provides assertions about refusals. */
public final class Refusals {

    private Refusals() {}

    public static Problem assertRefused(Code code, Executable action) {
        Problem problem = assertThrows(ProblemException.class, action).problem();
        assertEquals(code, problem.code(), problem.detail());
        return problem;
    }
}
