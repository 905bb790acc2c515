using System.Text.Json;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Local.Engine.Execution;

/// <summary>
/// A task that an orchestrator was given and that has not ended. It ends on the engine's thread, and what awaits it goes on there and then,
/// so the sources have no RunContinuationsAsynchronously.
/// </summary>
internal abstract class OpenCall
{
    /// <summary>The token's registration, given back when the call ends.</summary>
    public CancellationTokenRegistration Registration { get; set; }

    public abstract void Complete(ReadOnlyMemory<byte> output);

    public abstract void Fail(Exception exception);

    public abstract void Cancel(CancellationToken token);
}

internal sealed class OpenCall<T>(JsonSerializerOptions json) : OpenCall
{
    private readonly TaskCompletionSource<T> source = new();

    public Task<T> Task => source.Task;

    public override void Complete(ReadOnlyMemory<byte> output)
    {
        T value;
        try
        {
            value = DurableJson.Read<T>(output, json);
        }
#pragma warning disable CA1031 // Converters, constructors and setters of the type are code that throws what it likes; it is for whoever awaits the value.
        catch (Exception misfit)
#pragma warning restore CA1031
        {
            source.TrySetException(misfit);
            return;
        }

        source.TrySetResult(value);
    }

    public override void Fail(Exception exception) => source.TrySetException(exception);

    public override void Cancel(CancellationToken token) => source.TrySetCanceled(token);
}

internal sealed class OpenTimer : OpenCall
{
    private readonly TaskCompletionSource source = new();

    public Task Task => source.Task;

    public override void Complete(ReadOnlyMemory<byte> output) => source.TrySetResult();

    public override void Fail(Exception exception) => source.TrySetException(exception);

    public override void Cancel(CancellationToken token) => source.TrySetCanceled(token);
}
