using System.Globalization;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Telemetry;

namespace AgentFunctions.Local.CommandLine.Report;

/// <summary>Chooses what the timeline table shows: every step of a small run; of a large one what took long, and the rest together by name.</summary>
internal static class TimelineRows
{
    /// <summary>Above this many steps, steps are put together.</summary>
    public const int MostRows = 30;

    private const int MostSingle = 20;
    private const string Cached = "Cached";

    /// <summary>The rows, in the order in which they were asked for.</summary>
    /// <param name="timeline">The timeline.</param>
    public static IReadOnlyList<TimelineRow> Of(Timeline timeline)
    {
        if (timeline.Branches.Count <= MostRows)
        {
            return [.. timeline.Branches.OrderBy(b => b.ScheduledAt).Select(Single)];
        }

        // The critical path first: it is what the reader can act on.
        var single = timeline.Branches.OrderByDescending(b => b.OnCriticalPath).ThenByDescending(b => b.Elapsed).ThenBy(b => b.Id).Take(MostSingle).ToHashSet();
        var rest = timeline.Branches.Where(b => !single.Contains(b)).GroupBy(b => (b.Kind, b.Name)).Select(g => Many(g.Key.Name, [.. g])).ToList();
        return [.. single.OrderBy(b => b.ScheduledAt).Select(Single), .. rest.OrderBy(r => r.Offset)];
    }

    private static TimelineRow Single(TimelineBranch branch) => new()
    {
        Title = branch.Label is { } label ? $"{branch.Name} {label}" : branch.Name,
        Status = StatusOf(branch),
        Critical = branch.OnCriticalPath,
        Offset = branch.Offset,
        Wait = branch.Wait ?? TimeSpan.Zero,
        Run = branch.Elapsed,
        End = End(branch),
        Cost = branch.Cost,
    };

    private static TimelineRow Many(string name, IReadOnlyList<TimelineBranch> branches)
    {
        var others = branches.Where(b => b.Status != StepStatus.Completed).GroupBy(b => b.Status).Select(g => $"{g.Count():N0} {g.Key}").ToList();
        if (branches.Count(b => b.Cache is not null) is > 0 and var cached) others.Add($"{cached:N0} {Cached}");
        return new TimelineRow
        {
            Title = $"{name} × {branches.Count:N0}",
            Status = others.Count == 0 ? nameof(StepStatus.Completed) : string.Join(", ", others),
            Critical = branches.Any(b => b.OnCriticalPath),
            Offset = branches.Min(b => b.Offset),
            Wait = Sum(branches.Select(b => b.Wait ?? TimeSpan.Zero)),
            Run = Sum(branches.Select(b => b.Elapsed)),
            End = branches.Max(End),
            Cost = Cost.Sum(branches.Select(b => b.Cost)),
        };
    }

    /// <summary>How a step ended; that its output came from the cache, and of an answer to another question how alike the two are.</summary>
    private static string StatusOf(TimelineBranch branch) => branch switch
    {
        { Status: not StepStatus.Completed } or { Cache: null } => branch.Status.ToString(),
        { Cache.Score: { } score } => string.Create(CultureInfo.InvariantCulture, $"{Cached}, {score:0.00} alike"),
        _ => Cached,
    };

    private static TimeSpan End(TimelineBranch branch) => branch.Offset + (branch.Wait ?? TimeSpan.Zero) + branch.Elapsed;

    private static TimeSpan Sum(IEnumerable<TimeSpan> durations) => durations.Aggregate(TimeSpan.Zero, (sum, duration) => sum + duration);
}
