using System.Threading.Channels;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Engine.State;

namespace AgentFunctions.Local.Engine.Client;

/// <summary>Gives a client the newest snapshot of a run after each change; those it is too slow for are passed over, as each holds all before it.</summary>
internal sealed class RunFollower : IRunObserver
{
    private readonly Channel<RunSnapshot> newest = Channel.CreateBounded<RunSnapshot>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void OnChanged(RunSnapshot snapshot) => newest.Writer.TryWrite(snapshot);

    public void OnStopped(Exception reason) => newest.Writer.TryComplete(reason);

    /// <summary>The next newest snapshot.</summary>
    /// <exception cref="EngineStoppedException">The engine has stopped.</exception>
    public async ValueTask<RunSnapshot> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await newest.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException e) when (e.InnerException is EngineStoppedException reason)
        {
            throw new EngineStoppedException(reason.Message, reason);
        }
    }
}
