package io.tidegate.config;

/**
 * A value that is set outside the configuration file.
 *
 * @param path the key
 * @param text the value as written
 * @param where the flag or variable that sets it
 */
public record Setting(String path, String text, String where) {}
