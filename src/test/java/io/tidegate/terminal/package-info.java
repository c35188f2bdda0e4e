/** Tests of the web terminal in {@code src/examples}, alone and behind the gateway. */
package io.tidegate.terminal;
