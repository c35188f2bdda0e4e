/**
 * The commands of the command line, and the flags that they share.
 */
@NullMarked
package io.tidegate.cli;

import org.jspecify.annotations.NullMarked;
