/**
 * Recipes: deploys that this node runs itself as child processes. The verticle of deploys runs on an event loop; each
 * child process has two threads, which read its outputs.
 *
 * <p>A run ends with its program; processes that the program left running are killed. Each line of output is one
 * {@code deploy_log} event. The order within each output is kept; lines of the two outputs are ordered as they were
 * read. The last {@code deploy_status} follows the last line. When the journal refuses lines, they are retried while
 * the program blocks on its full pipes. Half a minute after its end (some seconds if the gateway stops) the rest is
 * dropped, logged, and counted as {@code lost_lines} in the last status. If the journal refuses that status too, the
 * deploy stays {@code running} until a client cancels it or the next start of the gateway closes it as
 * {@code interrupted}.
 */
@NullMarked
package io.tidegate.kind.recipe;

import org.jspecify.annotations.NullMarked;
