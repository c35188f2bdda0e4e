/**
 * The rules of instances, on the event loop of their verticle.
 */
@NullMarked
package io.tidegate.instance;

import org.jspecify.annotations.NullMarked;
