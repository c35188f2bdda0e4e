/** The caller of a request and its permissions to read and to publish. Immutable values; thread-safe. */
@NullMarked
package io.tidegate.access;

import org.jspecify.annotations.NullMarked;
