using System.Collections.Concurrent;
using AgentFunctions.Local.Engine.Messages;

namespace AgentFunctions.Local.Engine;

/// <summary>Messages from any thread to the engine's one. Posting to an engine that is awake costs no system call.</summary>
internal sealed class MessageQueue : IDisposable
{
    private readonly ConcurrentQueue<EngineMessage> messages = new();
    private readonly ManualResetEventSlim wake = new(false, spinCount: 0);
    private int sleeping;

    public void Post(EngineMessage message)
    {
        messages.Enqueue(message);
        Wake();
    }

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EngineMessage? message) => messages.TryDequeue(out message);

    /// <summary>Makes <see cref="Wait"/> return.</summary>
    public void Wake()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref sleeping) == 1 && Interlocked.Exchange(ref sleeping, 0) == 1)
        {
            wake.Set();
        }
    }

    /// <summary>Sleeps until a message is there or <see cref="Wake"/> is called.</summary>
    /// <param name="stay">Looked at after announcing sleep, so that no wake-up between is lost.</param>
    public void Wait(Func<bool> stay)
    {
        wake.Reset();
        Interlocked.Exchange(ref sleeping, 1);
        if (messages.IsEmpty && stay())
        {
            wake.Wait();
        }

        Interlocked.Exchange(ref sleeping, 0);
    }

    public void Dispose() => wake.Dispose();
}
