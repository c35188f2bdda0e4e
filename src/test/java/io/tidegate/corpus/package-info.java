/**
 * The corpus of bad input: rows of raw requests, each with what it must be answered, sent over a socket straight to a whole
 * node, and again through a real nginx with the configuration of this repository. The rows stand by theme in the
 * {@code *Rows} classes; {@code Row} says what every answer is held to.
 */
@NullMarked
package io.tidegate.corpus;

import org.jspecify.annotations.NullMarked;
