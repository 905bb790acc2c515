using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace AgentFunctions.App.ServiceBus;

/// <summary>
/// Hands the trace in which a run is started to the Functions host. Durable Functions' client sends it with the start only where somebody listens
/// to its activity source (TraceHelper.StartActivityForNewOrchestration of durabletask-dotnet), and without OpenTelemetry in the
/// worker nobody does: the run would then begin a trace of its own. This listens, records nothing, and keeps the caller's sampling.
/// </summary>
internal sealed class StartTrace : IHostedService, IDisposable
{
    private readonly ActivityListener listener = new()
    {
        ShouldListenTo = source => source.Name == "Microsoft.DurableTask",
        Sample = (ref ActivityCreationOptions<ActivityContext> start) =>
            start.Parent == default ? ActivitySamplingResult.None
            : start.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? ActivitySamplingResult.AllDataAndRecorded
            : ActivitySamplingResult.PropagationData,
    };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ActivitySource.AddActivityListener(listener);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        listener.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => listener.Dispose();
}
