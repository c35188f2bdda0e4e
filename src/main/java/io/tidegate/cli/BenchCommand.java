package io.tidegate.cli;

import io.tidegate.access.Role;
import io.tidegate.auth.token.Tokens;
import io.tidegate.bench.Bench;
import io.tidegate.bench.BenchException;
import io.tidegate.bench.BenchOptions;
import io.tidegate.bench.BenchResult;
import io.tidegate.bench.Load;
import io.tidegate.bench.Report;
import io.tidegate.bench.Target;
import io.tidegate.event.TopicPattern;
import io.tidegate.node.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the load generator, which measures an installation from the outside, as a client. */
@Command(
        name = "bench",
        description = {
            "Open streams at a URL, publish events, and report the latency and whether any event was lost.",
            "Exits with 1 if an event was lost, duplicated or out of order, or if a publish failed."
        })
final class BenchCommand implements Callable<Integer> {

    private static final Duration TTL = Duration.ofHours(12);

    private final Tidegate tidegate;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets this field before it calls the command
    private CommandSpec spec;

    @Option(names = "--url", paramLabel = "URL", description = "Server to measure. Default: ${DEFAULT-VALUE}.")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--streams",
            paramLabel = "N",
            description = "Number of streams open at once. Default: ${DEFAULT-VALUE}.")
    private int streams = Load.DEFAULTS.streams();

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "Number of events to measure. Default: ${DEFAULT-VALUE}.")
    private int events = Load.DEFAULTS.events();

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Number of events published before the measured ones. Default: ${DEFAULT-VALUE}.")
    private int warmUp = Load.DEFAULTS.warmUp();

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "Events per second; latency counts from when an event was due. Default without --in-flight: 50.")
    private @Nullable Double rate;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description =
                    "Maximum number of outstanding publishes. Without --rate, each response triggers the next one.")
    private @Nullable Integer inFlight;

    @Option(
            names = "--size",
            paramLabel = "N",
            description = "Characters of data in an event. Default: ${DEFAULT-VALUE}.")
    private int size = Load.DEFAULTS.size();

    @Option(
            names = "--topics",
            paramLabel = "N",
            description = "Number of topics that the streams are spread over. Default: 1.")
    private int topics = Load.DEFAULTS.topics();

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description = "Prefix of the topic names: NAME/0, NAME/1. Default: ${DEFAULT-VALUE}.")
    private String topic = Load.DEFAULTS.topic();

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "Token that may read and publish. With --data, the default is a new one signed with the key there.")
    private @Nullable String token;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description = "Path that a topic is read from. Default: ${DEFAULT-VALUE}.")
    private String path = Target.PATH;

    @Option(
            names = "--publish-path",
            paramLabel = "PATH",
            description =
                    "Path that events are published to, or a full URL if on another server. Default: ${DEFAULT-VALUE}.")
    private String publishPath = Target.PUBLISH_PATH;

    @Option(
            names = "--body",
            paramLabel = "TEXT",
            description = "Body of a publish, with {topic} and {data}. Default: the format that Tidegate accepts.")
    private String body = Target.BODY;

    @Option(
            names = "--content-type",
            paramLabel = "TYPE",
            description = "Media type of the body. Default: ${DEFAULT-VALUE}.")
    private String contentType = Target.CONTENT_TYPE;

    @Option(names = "--insecure", description = "Accept any certificate.")
    private boolean insecure;

    @Option(names = "--loops", paramLabel = "N", description = "Number of reading threads. Default: ${DEFAULT-VALUE}.")
    private int loops = 1;

    @Option(
            names = "--ramp",
            paramLabel = "N",
            description = "Maximum number of streams being opened at a time. Default: ${DEFAULT-VALUE}.")
    private int ramp = 256;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            converter = TokenCommand.ToDuration.class,
            description = "Time without any arrival after which missing events count as lost. Default: 10s.")
    private Duration patience = Duration.ofSeconds(10);

    @Option(
            names = "--pid",
            split = ",",
            paramLabel = "PID",
            description = "Processes of the target on this machine, whose CPU and memory are measured too.")
    private List<Long> pids = List.of();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the result to this file as JSON; - means the standard output, instead of the text.")
    private @Nullable String json;

    BenchCommand(Tidegate tidegate) {
        this.tidegate = tidegate;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Terminal terminal = tidegate.terminal();
        Optional<String> credentials = Optional.ofNullable(token);
        if (token == null && tidegate.dataGiven()) {
            credentials = tidegate.settings().map(BenchCommand::mint);
            if (credentials.isEmpty()) {
                return 1;
            }
        }
        BenchOptions options = options(credentials);
        boolean quiet = "-".equals(json);
        BenchResult result;
        try {
            result = Bench.run(options, line -> (quiet ? terminal.err() : terminal.out()).println(line));
        } catch (BenchException nothing) {
            terminal.fail(String.valueOf(nothing.getMessage()));
            return 1;
        }
        if (quiet) {
            terminal.out().println(Report.json(result).encodePrettily());
        } else {
            terminal.out().print("\n" + Report.text(result));
        }
        if (json != null && !quiet) {
            Files.writeString(
                    terminal.directory().resolve(json), Report.json(result).encodePrettily() + "\n");
        }
        result.faults().forEach(terminal::fail);
        return result.faults().isEmpty() ? 0 : 1;
    }

    private BenchOptions options(Optional<String> credentials) {
        OptionalDouble eventRate = rate != null
                ? OptionalDouble.of(rate)
                : inFlight == null ? Load.DEFAULTS.rate() : OptionalDouble.empty();
        int window = inFlight == null ? Load.DEFAULTS.inFlight() : inFlight;
        try {
            Target target = new Target(url, path, publishPath, body, contentType, credentials, insecure);
            Load load = new Load(streams, topics, topic, size, warmUp, events, eventRate, window);
            return new BenchOptions(target, load, loops, ramp, patience, pids);
        } catch (IllegalArgumentException refused) {
            throw new ParameterException(spec.commandLine(), refused.getMessage(), refused);
        }
    }

    private static String mint(Settings settings) {
        return Tokens.open(Path.of(settings.data()), settings.auth(), Clock.systemUTC())
                .mint("bench", Role.PUBLISHER, List.of(TopicPattern.ALL), TTL);
    }
}
