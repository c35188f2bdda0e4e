package io.tidegate.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Configures Logback to write one line per event. The lines go to stderr because stdout is reserved for the output of
 * commands. The environment variable {@code TIDEGATE_LOG} sets the level of Tidegate's own classes (trace, debug, info,
 * warn, error, off); the system property {@code tidegate.log} overrides it. Logback loads this class as a service. The
 * configuration is code because reading XML would load about a hundred classes before the first line of the gateway
 * runs. {@code -Dlogback.configurationFile} replaces this configuration.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        OneLine line = new OneLine();
        line.setContext(context);
        line.start();

        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(line);
        encoder.start();

        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(context);
        stderr.setTarget(ConsoleTarget.SystemErr.getName());
        stderr.setEncoder(encoder);
        stderr.start();

        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(stderr);
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        context.getLogger("io.tidegate").setLevel(level());
        // Vert.x re-registers its gauges on each update, and Micrometer logs a warning each time.
        context.getLogger("io.micrometer.core.instrument.MeterRegistry").setLevel(Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static Level level() {
        String wanted = Optional.ofNullable(System.getProperty("tidegate.log"))
                .or(() -> Optional.ofNullable(System.getenv("TIDEGATE_LOG")))
                .orElse("info");
        return Level.toLevel(wanted, Level.INFO);
    }
}
