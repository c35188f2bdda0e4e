package io.tidegate.cli;

import io.tidegate.config.ConfigResult;
import io.tidegate.config.Setting;
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

/** The command {@code tidegate}, which runs the gateway if it has no subcommand. */
@Command(
        name = "tidegate",
        description = "Adds live updates to existing services. Default command: run.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Tidegate.Version.class,
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:The command succeeded, or the gateway was stopped by a signal.",
            "1:The command failed; stderr has the reason.",
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

    /** Runs a command line and returns the exit code. */
    static int execute(Terminal terminal, Starter starter, Signals signals, String... arguments) {
        Tidegate tidegate = new Tidegate(terminal, starter, signals);
        return new CommandLine(tidegate)
                .addSubcommand("run", tidegate.run)
                .addSubcommand("demo", new DemoCommand(tidegate, new Runner(terminal, starter, signals)))
                .addSubcommand("bench", new BenchCommand(tidegate))
                .addSubcommand("rehearse", new RehearseCommand(tidegate, starter))
                .addSubcommand("token", new TokenCommand(tidegate))
                .addSubcommand("check-config", new CheckConfigCommand(tidegate))
                .addSubcommand("verify", new VerifyCommand(tidegate))
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
     * Returns the effective configuration. If it is invalid, prints its problems and returns empty.
     *
     * @param overrides the command's own settings, which the flags override
     */
    Optional<Settings> settings(Setting... overrides) {
        return valid(read(overrides));
    }

    /** Returns the same as {@link #settings(Setting...)}, but with the command's own default file. */
    Optional<Settings> settings(Path file, Setting... overrides) {
        return valid(read(file, overrides));
    }

    private Optional<Settings> valid(ConfigResult<Settings> result) {
        if (result instanceof ConfigResult.Ok<Settings> ok) {
            return Optional.of(ok.settings());
        }
        ((ConfigResult.Bad<Settings>) result).problems().forEach(problem -> terminal.fail(problem.toString()));
        return Optional.empty();
    }

    /** Reads the current configuration from all layers. */
    ConfigResult<Settings> read(Setting... overrides) {
        return flags.read(terminal, terminal.directory().resolve(Flags.DEFAULT_FILE), List.of(overrides));
    }

    /** Does the same as {@link #read(Setting...)}, but with the command's own default file. */
    ConfigResult<Settings> read(Path file, Setting... overrides) {
        return flags.read(terminal, file, List.of(overrides));
    }

    /** Returns whether the command line names a data folder. */
    boolean dataGiven() {
        return flags.dataGiven();
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, Charset.defaultCharset()), true);
    }

    /** Reads the version from the jar's manifest, which is missing if the classes are run from a folder. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Tidegate.class.getPackage().getImplementationVersion();
            return new String[] {"tidegate " + (version == null ? "(development)" : version)};
        }
    }
}
