package io.tidegate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** How a network hands over bytes: so many at a time, and then the rest. */
public record Cuts(List<Integer> lengths) {

    public static Arbitrary<Cuts> any() {
        return Arbitraries.integers().between(1, 20).list().ofMaxSize(60).map(Cuts::new);
    }

    public List<byte[]> of(byte[] bytes) {
        List<byte[]> parts = new ArrayList<>();
        int at = 0;
        for (int length : lengths) {
            int end = Math.min(bytes.length, at + length);
            parts.add(Arrays.copyOfRange(bytes, at, end));
            at = end;
        }
        parts.add(Arrays.copyOfRange(bytes, at, bytes.length));
        return parts;
    }
}
