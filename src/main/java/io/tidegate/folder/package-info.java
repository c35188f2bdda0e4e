/**
 * The folder of one node's data: for its owner alone, locked against a second process, with the mark of how far its history
 * went. Used by one thread.
 */
@NullMarked
package io.tidegate.folder;

import org.jspecify.annotations.NullMarked;
