/**
 * Says no: how often one client may ask, with paths that are exempt, and how many streams there may be. Safe from every
 * event loop.
 */
@NullMarked
package io.tidegate.limit;

import org.jspecify.annotations.NullMarked;
