package io.tidegate.kind.deploy;

import java.time.Clock;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Generates IDs of 14 characters from {@code a-z 0-9}. The first nine represent the time in milliseconds, so that later
 * IDs sort after earlier ones. The other five are random, so that two nodes can generate IDs in the same millisecond.
 */
record DeployIds(Clock clock, Random random) implements Supplier<String> {

    private static final int RADIX = 36;
    private static final int TIME_DIGITS = 9;
    private static final int RANDOM_DIGITS = 5;

    @Override
    public String get() {
        StringBuilder id = new StringBuilder(Long.toString(clock.millis(), RADIX));
        while (id.length() < TIME_DIGITS) {
            id.insert(0, '0');
        }
        for (int i = 0; i < RANDOM_DIGITS; i++) {
            id.append(Character.forDigit(random.nextInt(RADIX), RADIX));
        }
        return id.toString();
    }
}
