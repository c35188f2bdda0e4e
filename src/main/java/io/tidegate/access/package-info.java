/** The caller of a request, with its permissions to read and publish. Contains only immutable values; thread-safe. */
@NullMarked
package io.tidegate.access;

import org.jspecify.annotations.NullMarked;
