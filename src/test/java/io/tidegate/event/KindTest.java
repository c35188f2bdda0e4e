package io.tidegate.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Lifecycle.Trait;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KindTest {

    @ParameterizedTest
    @CsvSource({
        "sessions, SESSIONS",
        "sessions/1, SESSIONS",
        "sessions/1/typing, SESSIONS",
        "deploys/42, DEPLOYS",
        "sessionsx, OTHER",
        "sessions-2/1, OTHER",
        "session, OTHER",
        "Sessions, OTHER",
        "x/sessions, OTHER",
        "other, OTHER",
        "other/1, OTHER"
    })
    void theFirstSegmentOfATopicNamesItsKind(String topic, Kind kind) {
        assertEquals(kind, new Topic(topic).kind());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OTHER")
    void everyTypeOfALifecycleNeedsAKeyUnlessTheKindSaysOtherwise(Kind kind) {
        boolean optional = kind.lifecycle().has(Trait.KEY_OPTIONAL);
        kind.lifecycle().types().forEach(type -> assertEquals(!optional, kind.needsKey(type), type.name()));
        assertEquals(kind == Kind.DEPLOYS, optional);
        assertFalse(kind.needsKey(new EventType("seen")));
    }

    @Test
    void otherTopicsHaveNoMembers() {
        assertThrows(IllegalStateException.class, Kind.OTHER::lifecycle);
        assertFalse(Kind.withMembers().contains(Kind.OTHER));
        assertEquals(List.of(), Kind.OTHER.operations());
    }

    @Test
    void onlyTopicsOfTheirOwnCanBeEvictedWhole() {
        Lifecycle plain = Lifecycle.of("created", "changed");
        assertThrows(IllegalArgumentException.class, () -> plain.with(Trait.EVICTED_WHOLE));
        assertTrue(plain.with(Trait.EVICTED_WHOLE, Trait.OWN_TOPICS).has(Trait.EVICTED_WHOLE));
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "/:id, id", "/:part/revisions, part"})
    void thePathOfAnOperationNamesTheParameterThatHoldsTheKey(String path, String parameter) {
        assertEquals(parameter, new Operation(Verb.CREATE, path).parameter());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/id", ":id", "/:id/", "/:id/a/b", "/:id/:x", "/x/:id", "/:ID", ""})
    void anotherFormOfPathIsRefused(String path) {
        assertThrows(IllegalArgumentException.class, () -> new Operation(Verb.ADD, path));
    }
}
