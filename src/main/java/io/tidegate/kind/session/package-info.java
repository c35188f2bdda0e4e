/**
 * The rules of sessions, on the event loop of their verticle.
 */
@NullMarked
package io.tidegate.kind.session;

import org.jspecify.annotations.NullMarked;
