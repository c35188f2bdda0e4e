/** The web terminal of {@code src/examples}: alone, and behind the gateway. */
package io.tidegate.terminal;
