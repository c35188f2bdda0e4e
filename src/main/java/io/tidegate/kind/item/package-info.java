/**
 * The rules of items, and the state of the server that owns them, on the event loop of their verticles.
 */
@NullMarked
package io.tidegate.kind.item;

import org.jspecify.annotations.NullMarked;
