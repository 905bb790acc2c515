using AgentFunctions.Core.Policies.Circuits;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Resilience;

public sealed partial class TargetCircuit
{
    /// <summary>How soon after a look a first failure leads to another.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(250);

    /// <summary>After so long without a look a call waits for one, or it would be made to what others have known to be broken for long.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource lifetime = new();
    private DateTimeOffset lookedAt = DateTimeOffset.MinValue;
    private DateTimeOffset learnedAt = DateTimeOffset.MinValue;
    private Task? look;
    private long known;
    private CircuitTell? untold;
    private bool isMute;

    /// <summary>Looks what others know where it is time to, and waits for it only where the last look is long ago.</summary>
    private async ValueTask LookAroundAsync(CancellationToken cancellationToken)
    {
        if (!host.Share.IsThere)
        {
            host.NoteAlone();
            return;
        }

        DateTimeOffset looked, learned;
        lock (gate) (looked, learned) = (lookedAt, learnedAt);
        var now = host.Now;
        if (now - looked < host.Every && now - learned < Stale) return;
        var looking = LookAround(host.Every);
        if (looking.IsCompleted || now - learned < Stale) return;
        try
        {
            await looking.WaitAsync(LookPatience, host.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // This call is made by what this worker knows, and so are the next ones.
            lock (gate) learnedAt = host.Now;
        }
    }

    /// <summary>Begins a look, unless one is under way or the last one is young. It never fails.</summary>
    private Task LookAround(TimeSpan youngest)
    {
        if (!host.Share.IsThere) return Task.CompletedTask;
        var done = new TaskCompletionSource();
        lock (gate)
        {
            if (look is { IsCompleted: false }) return look;
            if (host.Now - lookedAt < youngest) return Task.CompletedTask;
            lookedAt = host.Now;
            look = done.Task;
        }

        _ = RunAsync();
        return done.Task;

        async Task RunAsync()
        {
            try
            {
                Take(await host.Share.ReadAsync(Target, lifetime.Token).WaitAsync(ReadPatience, host.Time, lifetime.Token));
                isMute = false;
            }
#pragma warning disable CA1031 // Whatever keeps it from reading is logged; the worker goes on by what it sees itself.
            catch (Exception error)
#pragma warning restore CA1031
            {
                if (!isMute && !lifetime.IsCancellationRequested) LogMute(error, Target);
                isMute = true;
            }
            finally
            {
                lock (gate) learnedAt = host.Now;
                done.SetResult();
            }
        }
    }

    /// <summary>Takes over what is known together, where it is news; what was told and did not arrive is told again.</summary>
    private void Take(SharedCircuitState? shared)
    {
        shared ??= new();
        CircuitTell? again = null;
        lock (gate)
        {
            if (shared.Version == known)
            {
                // That it works again is no news where nobody knows of a break.
                if (untold?.News == CircuitNews.Closed && !shared.IsOpen) untold = null;
                again = untold;
            }
            else
            {
                var isNewer = shared.Version > known;
                known = shared.Version;
                untold = null;

                // A lower version is an entity that was begun anew: what this worker sees holds until there is news.
                if (isNewer) Follow(shared);
            }
        }

        if (again is not null) Post(again);
    }

    private void Follow(SharedCircuitState shared)
    {
        var before = state;
        if (!shared.IsOpen)
        {
            if (before.Phase != CircuitPhase.Closed) state = Circuit.Close(state, host.Now);
        }
        else
        {
            // By the wall clock, as all that is known is when the break ends; where clocks differ it is bounded by the break's length, and who may probe is the entity's word.
            var wait = shared.Wait(host.Time.GetUtcNow());
            lastFailure = shared.LastFailure ?? lastFailure;
            state = Circuit.Opened(state, state.Since ?? shared.Since ?? host.Now, host.Now + wait, shared.Openings);
        }

        NoteChange(before);
    }

    private CircuitTell News(CircuitNews news) => new() { Worker = host.Worker, News = news, Version = known, Settings = settings };

    /// <summary>Tells the others, in the background. What is lost is told again with a later look, where it still matters.</summary>
    private void Post(CircuitTell news)
    {
        if (host.Share.IsThere) _ = TellAsync(news);
    }

    private async Task<bool> TellAsync(CircuitTell news)
    {
        try
        {
            await host.Share.TellAsync(Target, news, lifetime.Token).WaitAsync(ReadPatience, host.Time, lifetime.Token);
            return true;
        }
#pragma warning disable CA1031 // Whatever keeps it from telling is logged; it is told again with a later look.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!lifetime.IsCancellationRequested) LogUntold(error, Target, news.News);
            return false;
        }
    }

    /// <summary>Asks the others for leave to probe. Where they can't be asked, the worker takes it: nobody would try otherwise.</summary>
    private async Task<bool> MayProbeAsync(CircuitLeave leave, CancellationToken cancellationToken)
    {
        if (!host.Share.IsThere) return true;
        CircuitTell ask;
        lock (gate)
        {
            ask = News(CircuitNews.AsksToProbe) with { Number = leave.Probe };
        }

        try
        {
            if (untold is { } pending && !await TellAsync(pending)) return true;
            return !await TellAsync(ask) || await AnswerAsync(ask, leave, cancellationToken);
        }
        catch
        {
            lock (gate)
            {
                var before = state;
                state = Circuit.Record(settings, state, host.Now, leave, CircuitOutcome.Nothing, 0);
                NoteChange(before);
            }

            Post(ask with { News = CircuitNews.Released });
            throw;
        }
    }

    private async Task<bool> AnswerAsync(CircuitTell ask, CircuitLeave leave, CancellationToken cancellationToken)
    {
        var began = host.Now;
        for (var pause = FirstPause; host.Now - began < ProbePatience; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            SharedCircuitState shared;
            try
            {
                shared = await host.Share.ReadAsync(Target, cancellationToken).WaitAsync(ReadPatience, host.Time, cancellationToken) ?? new();
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                LogMute(error, Target);
                return true;
            }

            lock (gate)
            {
                // Another probe took this one's place meanwhile, or there is news.
                if (state.Era != leave.Era || state.Probe != leave.Probe) return false;
            }

            // The entity has begun anew, and knows of no break.
            if (!shared.IsOpen && shared.Version <= ask.Version) return true;
            if (shared.Version != ask.Version)
            {
                Take(shared);
                lock (gate)
                {
                    // An entity that has begun anew and opened: ask it by its own version.
                    if (state.Era == leave.Era) state = Circuit.Refuse(state, host.Now);
                }

                return false;
            }

            if (shared.Answers.TryGetValue(host.Worker, out var answer) && answer.Number >= ask.Number)
            {
                if (answer.Granted && answer.Number == ask.Number) return true;
                lock (gate)
                {
                    var before = state;
                    state = Circuit.Refuse(state, host.Now + answer.Wait);
                    NoteChange(before);
                }

                return false;
            }

            await Task.Delay(pause, host.Time, cancellationToken);
        }

        LogUnanswered(Target, ProbePatience);
        return true;
    }

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "What other workers know of the {Target} can't be read. This worker goes on by what it sees itself.")]
    private partial void LogMute(Exception error, CircuitTarget target);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "Other workers could not be told that the circuit of the {Target}: {News}. They are told again with a later call.")]
    private partial void LogUntold(Exception error, CircuitTarget target, CircuitNews news);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "The entity of the circuit of the {Target} did not answer within {Patience}. This worker tries by itself whether it works again.")]
    private partial void LogUnanswered(CircuitTarget target, TimeSpan patience);
}
