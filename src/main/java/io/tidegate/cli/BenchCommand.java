package io.tidegate.cli;

import io.tidegate.access.Role;
import io.tidegate.auth.token.Tokens;
import io.tidegate.bench.Bench;
import io.tidegate.bench.report.BenchResult;
import io.tidegate.bench.report.Report;
import io.tidegate.bench.workload.BenchException;
import io.tidegate.bench.workload.BenchOptions;
import io.tidegate.bench.workload.Load;
import io.tidegate.bench.workload.Target;
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

/** Measures an installation the way its clients see it. */
@Command(
        name = "bench",
        description = {
            "Open streams at an address, publish, and count what arrives: how fast, and whether anything was lost.",
            "Exits with 1 when anything was lost, came twice or out of order, or when a publish failed."
        })
final class BenchCommand implements Callable<Integer> {

    private static final Duration TTL = Duration.ofHours(12);

    private final Tidegate tidegate;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Option(names = "--url", paramLabel = "URL", description = "What is measured. Without: ${DEFAULT-VALUE}.")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--streams",
            paramLabel = "N",
            description = "How many are open at once. Without: ${DEFAULT-VALUE}.")
    private int streams = Load.DEFAULTS.streams();

    @Option(names = "--events", paramLabel = "N", description = "How many are measured. Without: ${DEFAULT-VALUE}.")
    private int events = Load.DEFAULTS.events();

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "How many are published before those. Without: ${DEFAULT-VALUE}.")
    private int warmUp = Load.DEFAULTS.warmUp();

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "Events per second; latency counts from when an event was due. Without this and --in-flight: 50.")
    private @Nullable Double rate;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description =
                    "Publishes that wait for their answer at most. Without --rate, each follows as soon as one is answered.")
    private @Nullable Integer inFlight;

    @Option(names = "--size", paramLabel = "N", description = "Characters of data. Without: ${DEFAULT-VALUE}.")
    private int size = Load.DEFAULTS.size();

    @Option(names = "--topics", paramLabel = "N", description = "Over how many the streams are spread. Without: 1.")
    private int topics = Load.DEFAULTS.topics();

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description = "What their names begin with: NAME/0, NAME/1. Without: ${DEFAULT-VALUE}.")
    private String topic = Load.DEFAULTS.topic();

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "A token that reads and publishes; with --data one is made with the key there.")
    private @Nullable String token;

    @Option(names = "--path", paramLabel = "PATH", description = "Where a topic is read. Without: ${DEFAULT-VALUE}.")
    private String path = Target.PATH;

    @Option(
            names = "--publish-path",
            paramLabel = "PATH",
            description = "Where it is published to; a whole URL where that is elsewhere. Without: ${DEFAULT-VALUE}.")
    private String publishPath = Target.PUBLISH_PATH;

    @Option(
            names = "--body",
            paramLabel = "TEXT",
            description = "What is posted, with {topic} and {data}. Without: what Tidegate takes.")
    private String body = Target.BODY;

    @Option(names = "--content-type", paramLabel = "TYPE", description = "Of the body. Without: ${DEFAULT-VALUE}.")
    private String contentType = Target.CONTENT_TYPE;

    @Option(names = "--insecure", description = "Take any certificate.")
    private boolean insecure;

    @Option(names = "--loops", paramLabel = "N", description = "Threads that read. Without: ${DEFAULT-VALUE}.")
    private int loops = 1;

    @Option(
            names = "--ramp",
            paramLabel = "N",
            description = "Streams that are being opened at a time. Without: ${DEFAULT-VALUE}.")
    private int ramp = 256;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            converter = TokenCommand.ToDuration.class,
            description = "How long nothing may arrive before what is missing is lost. Without: 10s.")
    private Duration patience = Duration.ofSeconds(10);

    @Option(
            names = "--pid",
            split = ",",
            paramLabel = "PID",
            description = "Processes of the target on this machine: what they use is measured too.")
    private List<Long> pids = List.of();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the result there as JSON; - is the standard output, and then no text.")
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
        OptionalDouble pace = rate != null
                ? OptionalDouble.of(rate)
                : inFlight == null ? Load.DEFAULTS.rate() : OptionalDouble.empty();
        int window = inFlight == null ? Load.DEFAULTS.inFlight() : inFlight;
        try {
            Target target = new Target(url, path, publishPath, body, contentType, credentials, insecure);
            Load load = new Load(streams, topics, topic, size, warmUp, events, pace, window);
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
