/**
 * The rules of items, on the event loop of their verticle.
 */
@NullMarked
package io.tidegate.item;

import org.jspecify.annotations.NullMarked;
