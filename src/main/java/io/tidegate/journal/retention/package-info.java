/**
 * What is kept, what has to go, and what is gone: nothing leaves without a mark that tells the readers who miss it. One
 * writer changes it, any thread asks.
 */
@NullMarked
package io.tidegate.journal.retention;

import org.jspecify.annotations.NullMarked;
