/**
 * The rules of deploys, and their log: pure, on the event loop of their verticle.
 */
@NullMarked
package io.tidegate.kind.deploy;

import org.jspecify.annotations.NullMarked;
