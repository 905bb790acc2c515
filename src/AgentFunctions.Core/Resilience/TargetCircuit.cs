using System.Globalization;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Circuits;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Resilience;

/// <summary>
/// A worker's circuit for one deployment or tool. It decides by what the worker itself saw, and tells other workers when it opens or closes; what they tell it reads
/// now and then while calls are made, and at once on a first failure. Thread-safe.
/// </summary>
public sealed partial class TargetCircuit : IDisposable
{
    private readonly Lock gate = new();
    private readonly CircuitSettings settings;
    private readonly CircuitHost host;
    private readonly ILogger logger;
    private CircuitState state = new();
    private string? lastFailure;
    private long refused;
    private long opened;

    internal TargetCircuit(CircuitTarget target, CircuitSettings settings, CircuitHost host) => (Target, this.settings, this.host, logger) = (target, settings, host, host.Logger);

    /// <summary>What it is for.</summary>
    public CircuitTarget Target { get; }

    /// <summary>Asks for leave to call.</summary>
    /// <param name="cancellationToken">Ends the wait, which is there only for a probe and after a long time without calls.</param>
    /// <returns>The leave. The call must tell it how it ended.</returns>
    /// <exception cref="CircuitOpenException">It is broken: the call must not be made.</exception>
    public async ValueTask<CircuitPass> EnterAsync(CancellationToken cancellationToken)
    {
        await LookAroundAsync(cancellationToken);
        while (true)
        {
            CircuitLeave leave;
            lock (gate)
            {
                var before = state;
                (state, leave) = Circuit.Ask(settings, state, host.Now);
                NoteChange(before);
            }

            if (!leave.Allowed) throw Refusal(leave.Wait);
            if (leave.Probe == 0 || await MayProbeAsync(leave, cancellationToken)) return new CircuitPass(this, leave);
        }
    }

    /// <summary>Where this worker stands.</summary>
    public CircuitHere Status()
    {
        lock (gate)
        {
            return new CircuitHere
            {
                State = state.Phase,
                Since = state.Since,
                OpenUntil = state.Phase == CircuitPhase.Open ? state.RetryAt : null,
                Failures = Circuit.Failures(state),
                Opened = opened,
                Refused = refused,
            };
        }
    }

    /// <summary>Ends what runs in the background.</summary>
    public void Dispose()
    {
        lifetime.Cancel();
        lifetime.Dispose();
    }

    internal void Ended(CircuitPass pass, CircuitOutcome outcome, Exception? error)
    {
        CircuitTell? news = null;
        bool isFirstFailure;
        lock (gate)
        {
            var before = state;
            var failures = Circuit.Failures(before) + 1;
            if (error is not null) lastFailure = error.GetType().Name;
            state = Circuit.Record(settings, before, host.Now, pass.Leave, outcome, host.Draw());
            isFirstFailure = outcome == CircuitOutcome.Failed && before.Phase == CircuitPhase.Closed && before.InARow == 0;
            NoteChange(before);
            if (state.Era != before.Era)
            {
                news = state.Phase == CircuitPhase.Closed
                    ? News(CircuitNews.Closed)
                    : News(CircuitNews.Opened) with { Failures = pass.IsProbe ? 1 : failures, LastFailure = lastFailure, Fraction = host.Draw() };
                untold = news;
            }
            else if (pass.IsProbe && outcome == CircuitOutcome.Nothing)
            {
                news = News(CircuitNews.Released) with { Number = pass.Leave.Probe };
            }
        }

        if (news is not null) Post(news);
        else if (isFirstFailure) _ = LookAround(Soon);
    }

    /// <summary>Counts a change of phase, under the gate.</summary>
    private void NoteChange(CircuitState before)
    {
        if (state.Phase == before.Phase) return;
        host.Metrics.Changed(Target, state.Phase);

        // A probe that was not made is no opening.
        if (state.Era == before.Era) return;
        if (state.Phase == CircuitPhase.Closed)
        {
            LogClosed(Target);
            return;
        }

        opened++;
        LogOpened(Target, state.RetryAt - host.Now, state.Openings, lastFailure);
    }

    private CircuitOpenException Refusal(TimeSpan wait)
    {
        host.Metrics.Refused(Target);
        CircuitState now;
        string? failure;
        lock (gate) (now, failure, refused) = (state, lastFailure, refused + 1);
        var since = now.Since is { } start ? string.Create(CultureInfo.InvariantCulture, $" since {start:yyyy-MM-dd HH:mm:ss} UTC") : "";
        var kind = failure is null ? "" : $" (last failure: {failure})";
        var when = now.Phase == CircuitPhase.HalfOpen
            ? "It is being tried again now; ask again in"
            : string.Create(CultureInfo.InvariantCulture, $"It is tried again at {host.Now + wait:HH:mm:ss} UTC, in");
        return new CircuitOpenException(Target.Name, string.Create(CultureInfo.InvariantCulture, $"The {Target} has been broken{since}{kind}, and was not called. {when} {wait.TotalSeconds:0.0} s."), wait);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The circuit of the {Target} is open: nothing is sent for {Break} (opening {Openings}; last failure: {Failure}).")]
    private partial void LogOpened(CircuitTarget target, TimeSpan @break, int openings, string? failure);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "The circuit of the {Target} is closed: it works again.")]
    private partial void LogClosed(CircuitTarget target);
}
