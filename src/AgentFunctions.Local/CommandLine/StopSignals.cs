using System.Runtime.InteropServices;

namespace AgentFunctions.Local.CommandLine;

/// <summary>Ctrl-C and SIGTERM: the first asks to stop, the second to stop at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private const int FirstSignalCode = 128;
    private readonly CancellationTokenSource stop;
    private readonly CancellationTokenSource hurry = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly TimeSpan patience;
    private readonly TimeProvider time;
    private readonly TaskCompletionSource<int> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan grace;

    /// <summary>Listens.</summary>
    /// <param name="patience">How long a command may take to stop, beside what it is allowed, before the process ends regardless.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">As the first signal.</param>
    public StopSignals(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        (this.patience, this.time) = (patience, time);
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Listen(PosixSignal.SIGINT, FirstSignalCode + 2);
        Listen(PosixSignal.SIGTERM, FirstSignalCode + 15);
    }

    /// <summary>Fires with the first signal.</summary>
    public CancellationToken Stop => stop.Token;

    /// <summary>Fires with the second.</summary>
    public CancellationToken Hurry => hurry.Token;

    /// <summary>A command says how much longer it may take to stop.</summary>
    /// <param name="time">How long.</param>
    public void Allow(TimeSpan time) => grace = time;

    /// <summary>Ends when a command that was asked to stop by a signal has not, in the time that it has.</summary>
    /// <returns>The exit code: 128 and the signal's number, as shells have it.</returns>
    public async Task<int> OverdueAsync()
    {
        var code = await asked.Task;

        // First, as a command hears of the signal later than this, and only then says how long it may take.
        await Task.Delay(patience, time, CancellationToken.None);
        if (grace > TimeSpan.Zero)
        {
            await Task.Delay(grace, time, Hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Hurry.IsCancellationRequested) await Task.Delay(patience, time, CancellationToken.None);
        }

        return code;
    }

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        stop.Dispose();
        hurry.Dispose();
    }

    /// <summary>A signal has come.</summary>
    /// <param name="code">The exit code that it stands for.</param>
    internal void Take(int code)
    {
        if (asked.TrySetResult(code)) stop.Cancel();
        else hurry.Cancel();
    }

    private void Listen(PosixSignal signal, int code) => registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        Take(code);
    }));
}
