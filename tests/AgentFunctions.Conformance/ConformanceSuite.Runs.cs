using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using Xunit.Sdk;

namespace AgentFunctions.Conformance;

/// <summary>Starting runs, waiting for them, and saying what was seen when a wait was in vain.</summary>
public abstract partial class ConformanceSuite
{
    /// <summary>A value as JSON.</summary>
    protected JsonElement ToJson<T>(T value) => DurableJson.ToElement(value, Json);

    /// <summary>A value from JSON.</summary>
    protected T FromJson<T>(JsonElement? value) =>
        value is { } element ? DurableJson.Read<T>(element, Json) : throw new XunitException($"A {typeof(T).Name} was expected, and there was nothing.");

    /// <summary>Starts a run.</summary>
    protected async Task<string> StartAsync<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, TInput input, string? instanceId = null)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return (await Client.StartAsync(orchestrator.Name, ToJson(input), new StartOptions { InstanceId = instanceId }, Patience)).InstanceId;
    }

    /// <summary>Starts a run and waits for its end.</summary>
    protected async Task<RunState> RunAsync<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, TInput input, string? instanceId = null) =>
        await EndedAsync(await StartAsync(orchestrator, input, instanceId));

    /// <summary>Starts a run and waits for its result.</summary>
    protected async Task<TOutput> ResultAsync<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, TInput input, string? instanceId = null) =>
        FromJson<TOutput>((await CompletedAsync(await StartAsync(orchestrator, input, instanceId))).Output);

    /// <summary>Waits for the result of a run.</summary>
    protected async Task<T> ResultOfAsync<T>(string instanceId) => FromJson<T>((await CompletedAsync(instanceId)).Output);

    /// <summary>Waits for the end of a run.</summary>
    protected async Task<RunState> EndedAsync(string instanceId)
    {
        try
        {
            return await Client.WaitForCompletionAsync(instanceId, Patience).WaitAsync(Patience);
        }
        catch (OperationCanceledException e) when (Patience.IsCancellationRequested)
        {
            throw new XunitException($"The run '{instanceId}' has not ended within {Host.Patience}. {await DescribeAsync(instanceId)}", e);
        }
    }

    /// <summary>Waits for the end of a run, which must be Completed.</summary>
    protected async Task<RunState> CompletedAsync(string instanceId) => await EndedAsAsync(instanceId, RuntimeStatus.Completed);

    /// <summary>Waits for the end of a run, which must be Failed.</summary>
    protected async Task<FailureDetails> FailedAsync(string instanceId) =>
        (await EndedAsAsync(instanceId, RuntimeStatus.Failed)).Failure ?? throw new XunitException($"The run '{instanceId}' failed and has no failure details.");

    /// <summary>Waits for the end of a run, which must be this one.</summary>
    protected async Task<RunState> EndedAsAsync(string instanceId, RuntimeStatus status)
    {
        var state = await EndedAsync(instanceId);
        if (state.RuntimeStatus != status)
            throw new XunitException($"The run '{instanceId}' ended as {state.RuntimeStatus} and not as {status}. Failure: {state.Failure?.ToString() ?? "none"}. Output: {Show(state.Output)}.");
        return state;
    }

    /// <summary>Raises an event.</summary>
    protected Task RaiseAsync<T>(string instanceId, string name, T payload) => Client.RaiseEventAsync(instanceId, name, ToJson(payload), Patience);

    /// <summary>A run's state, which must be there.</summary>
    protected async Task<RunState> StateAsync(string instanceId) =>
        await Client.GetAsync(instanceId, includePayloads: true, Patience) ?? throw new XunitException($"There is no run '{instanceId}'.");

    /// <summary>A run's steps, which must be there.</summary>
    protected async Task<IReadOnlyList<HistoryStep>> StepsAsync(string instanceId) =>
        await Client.GetHistoryAsync(instanceId, Patience) ?? throw new XunitException($"There is no history of '{instanceId}'.");

    /// <summary>Waits until a run has this status.</summary>
    protected Task<RunState> StatusAsync(string instanceId, RuntimeStatus status) =>
        UntilAsync(() => StateAsync(instanceId), s => s.RuntimeStatus == status, $"'{instanceId}' is {status}");

    /// <summary>Reads again until it holds: for what a client can only see by looking.</summary>
    protected async Task<T> UntilAsync<T>(Func<Task<T>> read, Func<T, bool> holds, string what)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(holds);
        while (true)
        {
            var seen = await read();
            if (holds(seen))
                return seen;
            if (Patience.IsCancellationRequested)
                throw new XunitException($"Not within {Host.Patience}: {what}. Last seen: {seen}.");
            await Task.Delay(5, CancellationToken.None);
        }
    }

    /// <summary>
    /// Runs other runs to their end. A host that wrongly goes on with a run it should hold does so meanwhile: that stands in for "later".
    /// </summary>
    protected async Task LaterAsync()
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal(5, await ResultAsync(Probe, 0));
    }

    /// <summary>Waits for something that a test's own activity does.</summary>
    protected async Task WithinPatienceAsync(Task task, string what)
    {
        ArgumentNullException.ThrowIfNull(task);
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (OperationCanceledException e) when (Patience.IsCancellationRequested)
        {
            throw new XunitException($"Not within {Host.Patience}: {what}.", e);
        }
    }

    /// <summary>Waits until the ledger has an entry this often.</summary>
    protected Task LedgerHasAsync(string entry, int times = 1) => WithinPatienceAsync(Ledger.WhenAsync(entry, times, Patience), $"{times} × '{entry}' in the ledger");

    private async Task<string> DescribeAsync(string instanceId)
    {
        // A host that hangs must not hang the message that says so.
        var state = await Client.GetAsync(instanceId, includePayloads: true, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));
        var steps = await Client.GetHistoryAsync(instanceId, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5)) ?? [];
        return string.Create(CultureInfo.InvariantCulture, $"It is {state?.RuntimeStatus.ToString() ?? "unknown"}, custom status {Show(state?.CustomStatus)}; its last steps: {string.Join("; ", steps.TakeLast(10).Select(s => $"{s.Id} {s.Kind} {s.Name} {s.Status}"))}. Ledger: {string.Join(", ", Ledger.Entries.TakeLast(10))}.");
    }

    private static string Show(JsonElement? json) => json?.GetRawText() is { } text ? text[..Math.Min(text.Length, 200)] : "none";
}
