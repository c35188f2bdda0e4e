package io.tidegate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that moves when a test, on one thread, says so; read from any thread meanwhile. */
public final class TestClock extends Clock {

    private volatile Instant now;

    public TestClock(String now) {
        set(now);
    }

    public void set(String time) {
        now = Instant.parse(time);
    }

    public void advance(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
