package io.tidegate.config.source;

/**
 * One value given outside the file.
 *
 * @param path the key it is for
 * @param text the value as written
 * @param where the flag or the variable
 */
public record Setting(String path, String text, String where) {}
