using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.MapReduce;

/// <summary>Keeps account of a MapReduce: what is missing, what it cost, what the models remarked, and that nothing gets lost.</summary>
/// <param name="range">The chunks it is about.</param>
/// <param name="document">The only document, where there is only one.</param>
internal sealed class MapReduceTally(Slice range, string? document)
{
    private const int LongestReason = 500;

    private readonly SortedDictionary<int, MissingChunk> missing = [];
    private readonly List<string> notices = [];

    public int Mapped { get; private set; }

    public int Levels { get; private set; }

    public Cost Cost { get; private set; } = Cost.None;

    public IReadOnlyList<MissingChunk> Missing => [.. missing.Values];

    public string? Notice => notices.Count > 0 ? string.Join(' ', notices) : null;

    /// <summary>How many answers came from the cache.</summary>
    public int Cached { get; private set; }

    public void AddReply(ModelReply reply)
    {
        if (reply.Cache is not null) Cached++;
        AddCost(reply.Cost, reply.Notice);
    }

    public void AddMapped(ModelReply reply)
    {
        Mapped++;
        AddReply(reply);
    }

    public void AddSlice(MapReduceSliceResult slice)
    {
        Mapped += slice.Mapped;
        Cached += slice.Cached;
        Levels = Math.Max(Levels, slice.Levels);
        foreach (var chunk in slice.Missing) missing.TryAdd(chunk.Chunk, chunk with { Document = document });
        AddCost(slice.Cost, slice.Notice);
    }

    /// <summary>Notes that the chunks of a range are missing; the first reason noted for a chunk stays.</summary>
    public void AddMissing(Slice lost, string step, FailureDetails? error)
    {
        var reason = (error is null ? $"{step} was given up." : $"{step} failed: {error.Type}: {error.Message}").Shortened(LongestReason);
        for (var chunk = lost.First; chunk < lost.First + lost.Count; chunk++) missing.TryAdd(chunk, new() { Chunk = chunk, Document = document, Reason = reason });
    }

    /// <summary>A new level begins: asserts first that every chunk is in a partial result or known to be missing.</summary>
    /// <exception cref="ReductionCountException">The counts do not add up.</exception>
    /// <exception cref="TaskFailedException">No partial result is left.</exception>
    public void BeginLevel(IReadOnlyList<Partial> partials)
    {
        Check(partials);
        if (partials.Count == 0) throw NothingLeft();
        Levels++;
    }

    /// <summary>Asserts that every chunk is in a partial result or known to be missing.</summary>
    /// <exception cref="ReductionCountException">The counts do not add up.</exception>
    public void Check(IReadOnlyList<Partial> partials)
    {
        var accounted = partials.Sum(partial => partial.Chunks) + missing.Count;
        if (accounted != range.Count) throw new ReductionCountException(Levels + 1, range.Count, accounted);
    }

    private TaskFailedException NothingLeft() => new(new FailureDetails
    {
        // What slices tell of their chunks is the reason's words.
        Type = missing.Values.Any(chunk => chunk.Reason.Contains($"{BudgetExceededException.TypeName}:", StringComparison.Ordinal)) ? BudgetExceededException.TypeName : "AllChunksFailed",
        Message = $"None of the {range.Count} chunks is left to combine. The first: chunk {missing.Keys.First()}: {missing.Values.First().Reason} Check the models' settings and limits, then start the run again.",
        Step = "reduce",
    });

    private void AddCost(Cost? cost, string? notice)
    {
        if (cost is not null) Cost += cost;
        if (notice is not null && !notices.Contains(notice, StringComparer.Ordinal)) notices.Add(notice);
    }
}
