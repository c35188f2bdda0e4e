package io.tidegate.meter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LabelledTest {

    private enum Colour {
        RED,
        DARK_BLUE
    }

    private final MeterRegistry registry = new SimpleMeterRegistry();

    private Counter counter(String colour) {
        return Counter.builder("seen").tag("colour", colour).register(registry);
    }

    private Set<String> registered() {
        return registry.find("seen").counters().stream()
                .map(counter -> counter.getId().getTag("colour"))
                .collect(Collectors.toSet());
    }

    @Test
    void everyConstantHasItsMeterFromTheStart() {
        Labelled<Colour, Counter> seen = Labelled.of(Colour.class, Labelled::lowerCase, this::counter);
        assertEquals(Set.of("red", "dark_blue"), registered());
        assertSame(counter("dark_blue"), seen.get(Colour.DARK_BLUE));
        assertSame(counter("red"), seen.get(Colour.RED));
    }

    @Test
    void theSeriesOtherIsThereWhereItAlwaysWas() {
        Labelled<Colour, Counter> seen = Labelled.withOther(Colour.class, Labelled::lowerCase, this::counter);
        assertEquals(Set.of("red", "dark_blue", "other"), registered());
        assertSame(counter("red"), seen.get(Colour.RED));
    }
}
