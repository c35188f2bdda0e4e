package io.tidegate;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.Property;

/**
 * A property that is tried with inputs made at random, the same ones in every build. More of them are tried by
 * {@code -Djqwik.tries.default=100000}; a failure is reported with the smallest input that shows it.
 */
@Property(seed = "20260101")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Fuzz {}
