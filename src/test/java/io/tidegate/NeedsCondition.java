package io.tidegate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides for {@link Needs}, and writes down what was skipped. */
final class NeedsCondition implements ExecutionCondition {

    private static final Path REPORT = Path.of("target", "skipped-programs.txt");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> missing = AnnotationSupport.findAnnotation(context.getElement(), Needs.class)
                .flatMap(needs -> Arrays.stream(needs.value())
                        .filter(program -> Programs.find(program).isEmpty())
                        .findFirst());
        return missing.map(program ->
                        without(program, context.getDisplayName(), "true".equals(System.getenv("CI")), REPORT))
                .orElseGet(() -> ConditionEvaluationResult.enabled("nothing is missing"));
    }

    /**
     * Skips, or fails where nothing may be skipped.
     *
     * @throws IllegalStateException on a machine that has to have everything
     */
    static ConditionEvaluationResult without(String program, String test, boolean ci, Path report) {
        if (ci) {
            throw new IllegalStateException(program + " is missing, and with CI=true no test may be skipped");
        }
        try {
            Files.createDirectories(report.toAbsolutePath().getParent());
            Files.writeString(
                    report,
                    program + ": " + test + System.lineSeparator(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        return ConditionEvaluationResult.disabled(program + " is missing");
    }
}
