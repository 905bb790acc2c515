using System.Text;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;

namespace AgentFunctions.Api.Runs;

/// <summary>
/// What happens in a run, history and live output in one order. Each is in its own order; between them, output goes before what history says of
/// the same: a turn's tokens before its message, and all before the end.
/// </summary>
internal sealed class RunFeed : IAsyncDisposable
{
    /// <summary>Readers are woken once in this time, so that thousands of tokens a second are sent in few writes.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a store that failed is left alone; history goes on meanwhile.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private readonly IAsyncEnumerator<RunUpdate> updates;
    private readonly IRunOutputReader? output;
    private readonly TimeProvider time;
    private readonly Action<Exception> failed;
    private readonly CancellationToken stop;
    private StreamPosition position;
    private bool broken;
    private Task<bool> next;
    private Task more;

    /// <summary>Begins to read both; nothing is told until it is taken.</summary>
    /// <param name="updates">The run's history, after the position.</param>
    /// <param name="output">The run's output, after the position; null where the host keeps none.</param>
    /// <param name="position">What was seen before.</param>
    /// <param name="time">The clock.</param>
    /// <param name="failed">Hears of it when output can't be read, once until it can be again.</param>
    /// <param name="stop">Ends it.</param>
    public RunFeed(IAsyncEnumerable<RunUpdate> updates, IRunOutputReader? output, StreamPosition position, TimeProvider time, Action<Exception> failed, CancellationToken stop)
    {
        this.updates = updates.GetAsyncEnumerator(stop);
        this.output = output;
        this.position = position;
        this.time = time;
        this.failed = failed;
        this.stop = stop;
        next = this.updates.MoveNextAsync().AsTask();
        more = output is null ? Task.Delay(Timeout.InfiniteTimeSpan, stop) : Task.CompletedTask;
    }

    /// <summary>Whether history has anything after the position; ends when that is known.</summary>
    public Task<bool> HasFirstAsync() => next;

    /// <summary>Ends when there may be something to take.</summary>
    public Task ReadyAsync() => next.IsCompleted || more.IsCompleted ? Task.CompletedTask : Task.WhenAny(next, more);

    /// <summary>The next events, of which there may be none yet; null at the end.</summary>
    public async Task<IReadOnlyList<StreamEvent>?> TakeAsync()
    {
        if (more.IsCompleted)
        {
            if (await OutputAsync() is { Count: > 0 } events)
            {
                return events;
            }
        }

        if (!next.IsCompleted)
        {
            return [];
        }

        if (!await next)
        {
            return null;
        }

        var update = updates.Current;
        var told = ToldSteps.Of(update);
        if ((told is not null || update.Kind == "ended") && await OutputAsync() is { Count: > 0 } before)
        {
            return before;
        }

        next = update.Kind == "ended" ? Task.FromResult(false) : updates.MoveNextAsync().AsTask();
        return Tell(update, told);
    }

    public async ValueTask DisposeAsync()
    {
        // An enumerator must not be disposed of while it is asked for the next element; how that ends matters to nobody any more.
        await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await more.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await updates.DisposeAsync();
        output?.Dispose();
    }

    /// <summary>What was put out by now. A store that fails must not keep anybody from history, so it is left out until it works again.</summary>
    private async Task<List<StreamEvent>> OutputAsync()
    {
        if (output is null)
        {
            return [];
        }

        try
        {
            if (more.IsCompleted)
            {
                await more;
            }

            var events = await ReadAsync(output);
            broken = false;
            return events;
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            if (!broken)
            {
                failed(exception);
            }

            broken = true;
            more = Task.Delay(AfterFailure, time, stop);
            return [];
        }
    }

    private async Task<List<StreamEvent>> ReadAsync(IRunOutputReader reader)
    {
        var page = await reader.ReadAsync(stop);
        more = page.IsEmpty ? reader.WaitAsync(stop) : GatherAsync(reader);
        var events = new List<StreamEvent>(page.Entries.Count + 1);
        if (page.Gap is { } gap)
        {
            var from = position.Output;
            position = position with { Output = gap };
            events.Add(Gap(from, gap));
        }

        foreach (var entry in page.Entries)
        {
            position = position with { Output = entry.Position };
            events.Add(new StreamEvent(entry.Kind, position, Line: entry.Data));
        }

        return events;
    }

    private StreamEvent Gap(long after, long until) => new("gap", position, Line: Encoding.UTF8.GetBytes($$"""{"after":"{{after}}","until":"{{until}}"}"""));

    private async Task GatherAsync(IRunOutputReader reader)
    {
        await Task.Delay(Gathering, time, stop);
        await reader.WaitAsync(stop);
    }

    /// <summary>An update is one event or two; whoever has seen the first resumes before the second.</summary>
    private List<StreamEvent> Tell(RunUpdate update, (string Kind, System.Text.Json.JsonElement Data)? told)
    {
        var seen = position.Part;
        var after = position with { History = update.Sequence, Part = 0 };
        // Nobody connects again after the end, so what could not be read until now is missing for good.
        List<StreamEvent> events = broken && update.Kind == "ended" ? [Gap(position.Output, position.Output)] : [];
        if (told is not { } beside)
        {
            events.Add(new StreamEvent(update.Kind, after, update.Data));
        }
        else
        {
            if (seen == 0)
            {
                events.Add(new StreamEvent(update.Kind, position with { Part = 1 }, update.Data));
            }

            events.Add(new StreamEvent(beside.Kind, after, beside.Data));
        }

        position = after;
        return events;
    }
}
