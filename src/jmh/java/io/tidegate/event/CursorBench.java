package io.tidegate.event;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Measures parsing and formatting a cursor, which happens on every resume and for every page. */
@State(Scope.Benchmark)
public class CursorBench {

    private final String text = "s6aian3k31-123456789";
    private final Cursor cursor = Cursor.parse(text);

    @Benchmark
    public Cursor parse() {
        return Cursor.parse(text);
    }

    @Benchmark
    public String print() {
        return cursor.toString();
    }
}
