/**
 * The rules of deploys, and the recipes that this node runs itself as child processes. The rules run on the event loop of
 * their verticle, each child process has threads of its own.
 */
@NullMarked
package io.tidegate.deploy;

import org.jspecify.annotations.NullMarked;
