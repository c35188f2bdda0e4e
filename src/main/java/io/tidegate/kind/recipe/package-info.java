/**
 * Recipes: deploys that this node runs itself as child processes. The verticle of deploys runs on an event loop; each child
 * process has two threads of its own, which read its outputs.
 *
 * <p>A run ends with its program, and takes with it what the program left running. Each line of output is one
 * {@code deploy_log} event, in the order of each output; between the two outputs the order is that of reading. The last
 * {@code deploy_status} follows the last line. When the journal refuses lines they are kept and tried again while the
 * program, its pipes full, waits; half a minute after its end (some seconds when the gateway stops) the rest is given up,
 * logged, and counted as {@code lost_lines} in the last status. When the journal does not take that status either, the
 * deploy stays {@code running} until somebody cancels it or the next start of the gateway closes it as
 * {@code interrupted}.
 */
@NullMarked
package io.tidegate.kind.recipe;

import org.jspecify.annotations.NullMarked;
