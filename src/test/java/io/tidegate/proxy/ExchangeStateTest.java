package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.proxy.ExchangeState.Message;
import io.tidegate.proxy.origin.OriginOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests all sequences of transitions up to a length that is sufficient to reach every combination of request and
 * response state.
 */
class ExchangeStateTest {

    private static final int LENGTH = 4;

    /** A transition, with the change that the rules of the class comment permit. */
    private record Step(String name, Consumer<ExchangeState> apply, Consumer<Expected> expect) {}

    /** The expected state, computed from the rules without regard to the implementation. */
    private static final class Expected {
        private Message request = Message.NOT_BEGUN;
        private Message response = Message.NOT_BEGUN;
        private boolean over;

        Expected copy() {
            Expected copy = new Expected();
            copy.request = request;
            copy.response = response;
            copy.over = over;
            return copy;
        }

        void end() {
            if (!over) {
                over = true;
                request = request == Message.COMPLETE ? Message.COMPLETE : Message.BROKEN;
                response = response == Message.COMPLETE ? Message.COMPLETE : Message.BROKEN;
            }
        }
    }

    private static List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (Message next : List.of(Message.HEAD, Message.BODY, Message.COMPLETE)) {
            steps.add(new Step("request " + next, state -> state.request(next), expected -> {
                if (!expected.over && expected.request.compareTo(next) < 0) {
                    expected.request = next;
                }
            }));
            steps.add(new Step("response " + next, state -> state.response(next), expected -> {
                if (!expected.over && expected.response.compareTo(next) < 0) {
                    expected.response = next;
                }
            }));
        }
        for (OriginOutcome outcome : OriginOutcome.values()) {
            steps.add(new Step("end " + outcome, state -> state.end(outcome), Expected::end));
        }
        return steps;
    }

    @Test
    void everySequenceOfTransitionsLeadsToTheStateThatTheRulesGive() {
        check(List.of(), new Expected());
    }

    private static void check(List<Step> taken, Expected expected) {
        ExchangeState state = new ExchangeState();
        taken.forEach(step -> step.apply().accept(state));
        String names = String.join(", ", taken.stream().map(Step::name).toList());
        assertEquals(expected.request, state.request(), names);
        assertEquals(expected.response, state.response(), names);
        assertEquals(expected.over, state.isOver(), names);
        assertEquals(
                !(expected.request == Message.COMPLETE && expected.response == Message.COMPLETE),
                state.mustCloseConnection(),
                names);
        if (taken.size() < LENGTH) {
            for (Step step : steps()) {
                Expected next = expected.copy();
                step.expect().accept(next);
                check(Stream.concat(taken.stream(), Stream.of(step)).toList(), next);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheFirstEndCounts(OriginOutcome outcome) {
        ExchangeState state = new ExchangeState();
        assertTrue(state.end(outcome));
        assertFalse(state.end(OriginOutcome.ANSWERED));
        assertEquals(Message.BROKEN, state.request());
    }

    @Test
    void aConnectionThatWasHandedOverIsNotClosedByTheExchange() {
        ExchangeState state = new ExchangeState();
        state.request(Message.COMPLETE);
        state.response(Message.HEAD);
        state.handOver();
        assertTrue(state.isOver());
        assertFalse(state.mustCloseConnection());
        assertFalse(state.end(OriginOutcome.ANSWERED), "the new owner ends it");
    }
}
