package io.tidegate.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that moves when it is told to; read by event loops while the test moves it. */
final class SettableClock extends Clock {

    private volatile Instant now = Instant.parse("2031-05-06T07:08:09Z");

    /** Called by one thread, the test. */
    void advance(Duration by) {
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
