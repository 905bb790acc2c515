using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.App.Durable;

/// <summary>Runs the catalog's activities on Durable Functions.</summary>
public sealed class FunctionsActivities
{
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(2);
    private readonly Catalog catalog;
    private readonly IServiceProvider services;
    private readonly CancellationWatch watch;
    private readonly IRunOutputStore? output;
    private readonly ActivityMeter meter;
    private readonly TimeProvider time;

    internal FunctionsActivities(Catalog catalog, IServiceProvider services, CancellationWatch watch, IRunOutputStore? output = null, ActivityMeter? meter = null, TimeProvider? time = null)
    {
        (this.catalog, this.services, this.watch, this.output, this.time) = (catalog, services, watch, output, time ?? TimeProvider.System);
        this.meter = meter ?? new ActivityMeter(this.time);
    }

    /// <summary>Runs one.</summary>
    /// <param name="name">Which.</param>
    /// <param name="input">The envelope that the orchestrator's adapter wrote.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    public Task<JsonElement> RunAsync(string name, JsonElement input, CancellationToken stopping) => RunAsync(name, input, services, stopping);

    /// <summary>Runs one that acts on runs.</summary>
    /// <param name="name">Which.</param>
    /// <param name="input">The envelope that the orchestrator's adapter wrote.</param>
    /// <param name="client">The client that its function is bound to.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    public Task<JsonElement> RunAsync(string name, JsonElement input, IRunClient client, CancellationToken stopping) =>
        RunAsync(name, input, new WithClient(services, client), stopping);

    private async Task<JsonElement> RunAsync(string name, JsonElement input, IServiceProvider from, CancellationToken stopping)
    {
        var metered = meter.Begin();
        TimeSpan? waited = null;
        var outcome = ActivityOutcome.Succeeded;
        var asked = stopping;
        try
        {
            var envelope = input.Deserialize(AppJsonContext.Default.ActivityEnvelope)
                ?? throw new PermanentFailureException($"The activity '{name}' got null instead of its envelope. Call it from an orchestrator of this app.");
            waited = WaitOf(envelope);
            using var lease = watch.Watch(RunHeader.CancellationKey(envelope.InstanceId, RunHeader.EpochOf(envelope.CallId)), envelope.CallId, stopping);
            asked = lease.Token;
            var result = await catalog.Activities[name].RunAsync(from, new ActivityContext(envelope.InstanceId, name, envelope.CallId) { Priority = envelope.Priority, Budget = envelope.Budget }, DurableJson.Write(envelope.Input, catalog.Json), catalog.Json, lease.Token);
            await FlushAsync(envelope.InstanceId);
            return DurableJson.Parse(result);
        }
        catch (Exception e)
        {
            outcome = ActivityOutcomes.Of(e, asked.IsCancellationRequested);
            throw FailureText.ToThrow(e, name, catalog.Json);
        }
        finally
        {
            metered.End(outcome, waited);
        }
    }

    /// <summary>How long a call stood in the Functions host's queue, which the worker does not see: since its orchestrator asked for it, by two machines' clocks.</summary>
    private TimeSpan? WaitOf(ActivityEnvelope envelope)
    {
        if (envelope.ScheduledAt is not { } asked) return null;
        var waited = time.GetUtcNow() - asked;
        return waited > TimeSpan.Zero ? waited : TimeSpan.Zero;
    }

    /// <summary>What an activity put out is readable before history says that it has ended. The store reports its own failures; a slow one is not waited for long.</summary>
    private async Task FlushAsync(string instanceId)
    {
        try
        {
            await (output?.FlushAsync(instanceId, CancellationToken.None).AsTask().WaitAsync(LongestFlush) ?? Task.CompletedTask);
        }
        catch (TimeoutException)
        {
            // It is still being written; whoever watches sees it later than the activity's end.
        }
    }

    /// <summary>Durable Functions gives clients to functions and not to the service container.</summary>
    private sealed class WithClient(IServiceProvider services, IRunClient client) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(IRunClient) ? client : services.GetService(serviceType);
    }
}
