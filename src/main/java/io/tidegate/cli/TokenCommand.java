package io.tidegate.cli;

import io.tidegate.access.Role;
import io.tidegate.auth.token.Tokens;
import io.tidegate.config.Durations;
import io.tidegate.event.TopicPattern;
import io.tidegate.node.Settings;
import io.tidegate.problem.ProblemException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Issues a token, signed with the key in the data folder. */
@Command(
        name = "token",
        description =
                "Print a new token, signed with the key in the data folder. A running gateway accepts it immediately.")
final class TokenCommand implements Callable<Integer> {

    private final Tidegate tidegate;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets this field before it calls the command
    private CommandSpec spec;

    @Option(
            names = "--role",
            required = true,
            paramLabel = "ROLE",
            description = "viewer may read, publisher may also publish, admin may do everything.")
    @SuppressWarnings("NullAway.Init") // picocli requires this option
    private Role role;

    @Option(
            names = "--topics",
            split = ",",
            paramLabel = "PATTERN",
            converter = ToPattern.class,
            description = "Topics that it is valid for: a,b/**. Default: all.")
    private List<TopicPattern> topics = List.of(TopicPattern.ALL);

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            converter = ToDuration.class,
            description = "Lifetime: 15m, 8h, 30d. Default: 1h.")
    private Duration ttl = Duration.ofHours(1);

    @Option(
            names = "--subject",
            paramLabel = "NAME",
            description = "Name of the holder, for the log. Default: the role.")
    private String subject = "";

    TokenCommand(Tidegate tidegate) {
        this.tidegate = tidegate;
    }

    @Override
    public Integer call() {
        Optional<Settings> settings = tidegate.settings();
        settings.map(this::mint).ifPresent(tidegate.terminal().out()::println);
        return settings.isPresent() ? 0 : 1;
    }

    private String mint(Settings settings) {
        Tokens tokens = Tokens.open(Path.of(settings.data()), settings.auth(), Clock.systemUTC());
        try {
            return tokens.mint(subject.isEmpty() ? role.text() : subject, role, topics, ttl);
        } catch (IllegalArgumentException refused) {
            throw new ParameterException(spec.commandLine(), refused.getMessage(), refused);
        }
    }

    static final class ToDuration implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Durations.parse(text);
            } catch (IllegalArgumentException expected) {
                throw (TypeConversionException) new TypeConversionException(expected.getMessage()).initCause(expected);
            }
        }
    }

    static final class ToPattern implements ITypeConverter<TopicPattern> {
        @Override
        public TopicPattern convert(String text) {
            try {
                return new TopicPattern(text);
            } catch (ProblemException refused) {
                throw (TypeConversionException)
                        new TypeConversionException(refused.problem().detail()).initCause(refused);
            }
        }
    }
}
