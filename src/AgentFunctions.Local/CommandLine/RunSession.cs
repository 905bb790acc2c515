using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Telemetry;
using AgentFunctions.Local.CommandLine.Input;
using AgentFunctions.Local.CommandLine.Progress;
using AgentFunctions.Local.CommandLine.Report;

namespace AgentFunctions.Local.CommandLine;

/// <summary>Carries out one <c>run</c> command.</summary>
internal sealed class RunSession(Terminal terminal, ILocalHostFactory hosts, TimeProvider time)
{
    /// <summary>Starts or continues the run, follows it to its end, and reports.</summary>
    /// <param name="request">A request whose parts fit together.</param>
    /// <param name="cancellationToken">Ctrl-C: leaves the run to be continued later.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="UsageException">The input is wrong, or there is no such orchestrator or run.</exception>
    public async Task<int> ExecuteAsync(RunRequest request, CancellationToken cancellationToken)
    {
        string? instanceId = null;
        try
        {
            JsonElement? input = request.Resume is null ? await new RunInputReader(terminal.In).ReadAsync(request, cancellationToken) : null;
            await using var host = await hosts.StartAsync(request.Host, cancellationToken);
            var prepared = input is { } value ? await RunInputCheck.PrepareAsync(host, request.Orchestrator!, value, cancellationToken) : default;

            // From here on a run exists, so Ctrl-C must be able to name it: the two calls are short and are not given up half way.
            instanceId = request.Resume is { } id ? await AttachAsync(host, id) : await StartAsync(host, request, prepared);
            var state = await new RunFollower(host, time).FollowAsync(instanceId, Display(request), cancellationToken);
            return await ReportAsync(host, state, request.Json, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await terminal.Error.WriteLineAsync(instanceId is null
                ? "Interrupted before anything was started."
                : $"Interrupted. The run is kept, with all that is done. To continue it:{Environment.NewLine}  {ShellCommand.Resume(terminal.Program, instanceId, request.Host.DataDirectory!)}");
            return ExitCodes.Interrupted;
        }
    }

    private async Task<string> StartAsync(ILocalHost host, RunRequest request, JsonElement input)
    {
        var name = host.Catalog.Orchestrator(request.Orchestrator!).Name;
        var options = new StartOptions { InstanceId = request.RunId(), Priority = RunPriority.Interactive, Budget = request.RunLimit() };
        if (options.Budget is { } budget && !host.RunBudgets) throw new UsageException($"The run is given a budget of {budget}, and this host keeps none of single runs. Leave --budget and --budget-tokens out, or set AGENTFUNCTIONS_Budgets__RunBudgets to true.");
        var started = await host.Client.StartAsync(name, input, options, CancellationToken.None);
        if (!started.Created)
        {
            await terminal.Error.WriteLineAsync($"The run '{started.InstanceId}' was there already: nothing new is started, and this input is not used.");
        }

        return started.InstanceId;
    }

    private static async Task<string> AttachAsync(ILocalHost host, string instanceId)
    {
        var state = await host.Client.GetAsync(instanceId, includePayloads: false, CancellationToken.None)
            ?? throw new UsageException($"{new RunNotFoundException(instanceId).Message} Check the ID and --data.");
        if (state.RuntimeStatus == RuntimeStatus.Suspended)
        {
            await host.Client.ResumeAsync(instanceId, "resumed from the command line", CancellationToken.None);
        }

        return instanceId;
    }

    private IProgressDisplay Display(RunRequest request) =>
        request.Json ? new NoProgress() : terminal.Live ? new LiveProgress(terminal.Console) : new PlainProgress(terminal.Out);

    private async Task<int> ReportAsync(ILocalHost host, RunState state, bool json, CancellationToken cancellationToken)
    {
        var result = new ResultPrinter(terminal);
        if (json)
        {
            await result.PrintJsonAsync(state);
        }
        else
        {
            await result.PrintAsync(state);
            var history = await host.Client.GetHistoryAsync(state.InstanceId, cancellationToken) ?? throw new RunNotFoundException(state.InstanceId);
            new TimelinePrinter(terminal.Console).Print(TimelineBuilder.Build(state, history));
        }

        return state.RuntimeStatus == RuntimeStatus.Completed ? ExitCodes.Ok : ExitCodes.Failed;
    }
}
