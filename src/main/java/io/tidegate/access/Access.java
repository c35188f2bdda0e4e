package io.tidegate.access;

import io.tidegate.event.TopicPattern;
import java.time.Instant;
import java.util.List;

/**
 * What the caller of a stream may see, and until when.
 *
 * @param grants topics it may read
 * @param expires when its token ends
 */
public record Access(List<TopicPattern> grants, Instant expires) {}
