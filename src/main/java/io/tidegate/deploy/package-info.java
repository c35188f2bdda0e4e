/**
 * The rules of deploys, and their log: pure, on the event loop of their verticle.
 */
@NullMarked
package io.tidegate.deploy;

import org.jspecify.annotations.NullMarked;
