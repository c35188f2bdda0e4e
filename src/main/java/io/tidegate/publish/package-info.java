/**
 * The HTTP way in: one draft, an array of them, or a line each. Runs on the event loop of the connection.
 */
@NullMarked
package io.tidegate.publish;

import org.jspecify.annotations.NullMarked;
