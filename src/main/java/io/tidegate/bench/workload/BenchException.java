package io.tidegate.bench.workload;

/** Nothing could be measured; the message says why, in words for whoever started the run. */
public final class BenchException extends Exception {

    private static final long serialVersionUID = 1;

    public BenchException(String message) {
        super(message);
    }
}
