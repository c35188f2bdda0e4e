package io.tidegate.config;

/**
 * A value that is set outside the file.
 *
 * @param path the key
 * @param text the value as written
 * @param where the flag or the variable
 */
public record Setting(String path, String text, String where) {}
