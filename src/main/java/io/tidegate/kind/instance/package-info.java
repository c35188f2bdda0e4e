/**
 * The rules of instances, on the event loop of their verticle.
 */
@NullMarked
package io.tidegate.kind.instance;

import org.jspecify.annotations.NullMarked;
