/**
 * Which fields of a message pass from one side to the other, and what is said anew. Pure, but for who is trusted.
 */
@NullMarked
package io.tidegate.field;

import org.jspecify.annotations.NullMarked;
