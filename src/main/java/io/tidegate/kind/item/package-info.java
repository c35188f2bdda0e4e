/** The rules of items and of the state of the server that owns them. They run on the event loops of their verticles. */
@NullMarked
package io.tidegate.kind.item;

import org.jspecify.annotations.NullMarked;
