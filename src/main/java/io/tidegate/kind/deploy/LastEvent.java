package io.tidegate.kind.deploy;

import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.kind.deploy.Deploy.Status;
import java.util.function.Predicate;

/**
 * Tests whether an event is the last on a deploy's topic, which is the one with the final status. All instances are
 * equal.
 */
public record LastEvent() implements Predicate<Event> {

    @Override
    public boolean test(Event event) {
        return event.type().equals(Kind.DEPLOYS.lifecycle().changed())
                && event.key().isPresent()
                && event.data().isObject()
                && event.data().object().getValue("status") instanceof String text
                && Status.named(text).filter(status -> status != Status.RUNNING).isPresent();
    }
}
