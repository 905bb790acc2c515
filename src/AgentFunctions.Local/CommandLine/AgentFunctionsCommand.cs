using System.CommandLine;
using System.CommandLine.Invocation;
using Microsoft.Extensions.Options;

using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.CommandLine;

/// <summary>The command line: its commands, and what an error comes to.</summary>
internal sealed class AgentFunctionsCommand(Terminal terminal, ILocalHostFactory hosts, TimeProvider time)
{
    /// <summary>How long a command may take to stop after Ctrl-C before the process ends regardless.</summary>
    private static readonly TimeSpan stopTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">What followed the program's name.</param>
    /// <param name="cancellationToken">As Ctrl-C.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> InvokeAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        using var signals = new StopSignals(stopTimeout, time, cancellationToken);
        var parsed = Root(signals).Parse(arguments);
        var configuration = new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (parsed.Action is ParseErrorAction wrongUsage)
        {
            wrongUsage.ShowHelp = false;
        }

        try
        {
            var running = parsed.InvokeAsync(configuration, signals.Stop);
            var code = await await Task.WhenAny(running, signals.OverdueAsync());
            return parsed.Action is ParseErrorAction ? ExitCodes.Usage : code;
        }
        catch (Exception wrong) when (wrong is UsageException or OptionsValidationException)
        {
            await terminal.Error.WriteLineAsync($"error: {wrong.Message}");
            return ExitCodes.Usage;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException or HostStoppedException or JournalException or EngineStoppedException)
        {
            await terminal.Error.WriteLineAsync($"error: {failure.Message}");
            return ExitCodes.Failed;
        }
    }

    private RootCommand Root(StopSignals signals)
    {
        var root = new RootCommand("Runs agent workloads in parallel without losing work. Without a command: serve.");
        new ServeCommand(terminal, hosts, signals).BindTo(root);
        root.Add(new ServeCommand(terminal, hosts, signals).Build());
        root.Add(new RunCommand(terminal, hosts, time).Build());
        root.Add(new SimulateProviderCommand(terminal, time).Build());
        return root;
    }
}
