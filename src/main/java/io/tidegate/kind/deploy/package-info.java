/**
 * The rules of deploys and their log, and recipes: deploys that this node runs itself, as child processes. Runs on the
 * event loop of {@link DeployVerticle}, except for {@link StartHandler}, {@link LineSplitter} and the threads that read
 * the outputs of a child process.
 */
@NullMarked
package io.tidegate.kind.deploy;

import org.jspecify.annotations.NullMarked;
