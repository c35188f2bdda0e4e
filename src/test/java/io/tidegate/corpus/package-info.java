/**
 * The corpus of malicious input: rows of raw requests with their expected responses. The requests are sent over a
 * socket directly to a complete node, and again through a real nginx with the configuration of this repository. The
 * {@code *Rows} classes hold the rows by theme; {@code Row} defines the expectations.
 */
@NullMarked
package io.tidegate.corpus;

import org.jspecify.annotations.NullMarked;
