/** Where a request comes from: its address, behind proxies that are trusted. Values only, no thread of its own. */
@NullMarked
package io.tidegate.edge.client;

import org.jspecify.annotations.NullMarked;
