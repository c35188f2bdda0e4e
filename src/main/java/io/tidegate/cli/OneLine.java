package io.tidegate.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * Formats each log event as one line: the time, the level, the simple name of the logger, the message and the stack
 * trace. Line terminators are written as {@code \r} and {@code \n}, and other control characters as {@code ?}, so that a
 * client cannot forge a line or move a terminal's cursor. Logback's own pattern layout cannot do this, and it loads about
 * a hundred classes.
 */
final class OneLine extends LayoutBase<ILoggingEvent> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.UTC);
    private static final Pattern LINE_END = Pattern.compile("\\n\\s*");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern TRAILING_BLANK = Pattern.compile("( |\\\\n)+$");

    @Override
    public String doLayout(ILoggingEvent event) {
        IThrowableProxy thrown = event.getThrowableProxy();
        String text = event.getFormattedMessage() + (thrown == null ? "" : ' ' + ThrowableProxyUtil.asString(thrown));
        String logger = event.getLoggerName();
        return String.join(
                        " ",
                        TIME.format(event.getInstant()),
                        padded(event.getLevel().toString()),
                        logger.substring(logger.lastIndexOf('.') + 1),
                        escaped(text))
                + '\n';
    }

    private static String padded(String level) {
        return level + " ".repeat(Math.max(0, 5 - level.length()));
    }

    private static String escaped(String text) {
        String line = LINE_END.matcher(text.replace("\r", "\\r")).replaceAll("\\\\n");
        return TRAILING_BLANK.matcher(CONTROL.matcher(line).replaceAll("?")).replaceFirst("");
    }
}
