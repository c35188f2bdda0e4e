/**
 * Manages the services behind the gateway: chooses a server for each request and tracks the state of each server.
 * Shared by all event loops.
 */
@NullMarked
package io.tidegate.proxy.origin;

import org.jspecify.annotations.NullMarked;
