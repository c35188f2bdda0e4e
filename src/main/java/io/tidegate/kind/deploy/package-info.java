/**
 * The rules of deploys and their logs, and recipes, which are deploys that this node itself runs as child processes.
 * Runs on the event loop of {@link DeployVerticle}, except for {@link StartHandler}, {@link LineSplitter} and the
 * threads that read the output of a child process.
 */
@NullMarked
package io.tidegate.kind.deploy;

import org.jspecify.annotations.NullMarked;
