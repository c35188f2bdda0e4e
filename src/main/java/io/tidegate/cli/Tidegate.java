package io.tidegate.cli;

import io.tidegate.config.ConfigResult;
import io.tidegate.config.source.Setting;
import io.tidegate.node.Settings;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ScopeType;

/** The command {@code tidegate}; without a subcommand it runs the gateway. */
@Command(
        name = "tidegate",
        description = "Gives existing services live updates. Without a command: run.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Tidegate.Version.class,
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:It did what was asked, or was told to stop.",
            "1:It could not; stderr says why.",
            "2:The command line is not valid."
        })
final class Tidegate implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(Tidegate.class);

    @Mixin
    private final Flags flags = new Flags();

    private final Terminal terminal;
    private final RunCommand run;

    Tidegate(Terminal terminal, Starter starter, Signals signals) {
        this.terminal = terminal;
        this.run = new RunCommand(this, new Runner(terminal, starter, signals));
    }

    /** Runs one command line and gives the exit code. */
    static int execute(Terminal terminal, Starter starter, Signals signals, String... arguments) {
        Tidegate tidegate = new Tidegate(terminal, starter, signals);
        return new CommandLine(tidegate)
                .addSubcommand("run", tidegate.run)
                .addSubcommand("demo", new DemoCommand(tidegate, new Runner(terminal, starter, signals)))
                .addSubcommand("bench", new BenchCommand(tidegate))
                .addSubcommand("rehearse", new RehearseCommand(tidegate, starter))
                .addSubcommand("token", new TokenCommand(tidegate))
                .addSubcommand("check-config", new CheckConfigCommand(tidegate))
                .addSubcommand("print-config", new PrintConfigCommand(tidegate))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    LOG.debug("event=command-failed", failure);
                    terminal.fail(StartFailure.explain(failure));
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws InterruptedException {
        return run.call();
    }

    Terminal terminal() {
        return terminal;
    }

    /**
     * The effective configuration; empty after having printed what is wrong with it.
     *
     * @param instead what the command sets itself, under the flags
     */
    Optional<Settings> settings(Setting... instead) {
        return valid(read(instead));
    }

    /** The same with a file of the command's own, in the place of the usual one. */
    Optional<Settings> settings(Path file, Setting... instead) {
        return valid(read(file, instead));
    }

    private Optional<Settings> valid(ConfigResult<Settings> reading) {
        if (reading instanceof ConfigResult.Ok<Settings> ok) {
            return Optional.of(ok.settings());
        }
        ((ConfigResult.Bad<Settings>) reading).problems().forEach(problem -> terminal.fail(problem.toString()));
        return Optional.empty();
    }

    /** Reads the configuration, as it is now, from all its layers. */
    ConfigResult<Settings> read(Setting... instead) {
        return flags.read(terminal, terminal.directory().resolve(Flags.DEFAULT_FILE), List.of(instead));
    }

    /** The same with a file of the command's own, in the place of the usual one. */
    ConfigResult<Settings> read(Path file, Setting... instead) {
        return flags.read(terminal, file, List.of(instead));
    }

    /** Whether the command line names a data folder. */
    boolean dataGiven() {
        return flags.dataGiven();
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, Charset.defaultCharset()), true);
    }

    /** What the manifest of the jar says; there is none when the classes are run from a folder. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Tidegate.class.getPackage().getImplementationVersion();
            return new String[] {"tidegate " + (version == null ? "(development)" : version)};
        }
    }
}
