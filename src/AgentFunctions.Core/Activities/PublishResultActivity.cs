using System.Runtime.InteropServices;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;

namespace AgentFunctions.Core.Activities;

/// <summary>Publishes how a run ended, as a CloudEvent. Every attempt publishes the same event under the same ID, so repeats can be dropped. It carries the trace that it is published in.</summary>
/// <param name="publisher">Where events go.</param>
/// <param name="store">Where an output over 200 KB goes.</param>
/// <param name="options">Settings.</param>
public sealed class PublishResultActivity(IResultPublisher publisher, IContentStore store, ResultOptions options) : Activity<RunResult, bool>
{
    /// <summary>From more bytes of JSON than this an output is stored and the event carries its address: 204,800, so that the event fits a message of 256 KB.</summary>
    public const int InlineBytes = 200 * 1024;

    /// <summary>Publishes it.</summary>
    /// <param name="context">Which call it serves.</param>
    /// <param name="input">How the run ended.</param>
    /// <param name="cancellationToken">Handed to the publisher.</param>
    /// <returns>True.</returns>
    /// <exception cref="PermanentFailureException">The input can't be a result. What the publisher throws goes through as it is.</exception>
    public override async Task<bool> RunAsync(ActivityContext context, RunResult input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var json = input.Output is { ValueKind: not JsonValueKind.Undefined } output ? JsonMarshal.GetRawUtf8Value(output) : default;
        var outputRef = json.Length > InlineBytes ? await store.PutAsync(json.ToArray(), cancellationToken) : null;
        var trace = System.Diagnostics.Activity.Current is { IdFormat: System.Diagnostics.ActivityIdFormat.W3C } current ? current : null;
        await publisher.PublishAsync(CloudEvents.Of(input, outputRef, options.Source, ResultsJson.Options, trace?.Id, trace?.TraceStateString), cancellationToken);
        return true;
    }
}
