using System.Diagnostics.Metrics;

namespace AgentFunctions.Core.Results;

/// <summary>What is counted of live output, by the meter <c>AgentFunctions.Output</c>.</summary>
public static class RunOutputMetrics
{
    private static readonly Meter Meter = new("AgentFunctions.Output");

    /// <summary><c>agentfunctions.output.appended</c>: entries that were taken.</summary>
    internal static Counter<long> Appended { get; } = Meter.CreateCounter<long>("agentfunctions.output.appended", "{entry}", "Pieces of live output that were taken.");

    /// <summary><c>agentfunctions.output.dropped</c>: entries that a bound pushed out.</summary>
    internal static Counter<long> Dropped { get; } = Meter.CreateCounter<long>("agentfunctions.output.dropped", "{entry}", "Pieces of live output that a bound pushed out.");

    /// <summary><c>agentfunctions.output.failed</c>: entries that the store could not take. Runs do not notice.</summary>
    internal static Counter<long> Failed { get; } = Meter.CreateCounter<long>("agentfunctions.output.failed", "{entry}", "Pieces of live output that were lost to a failure of their store.");

    /// <summary>Counts entries that were lost to a failure.</summary>
    /// <param name="entries">How many.</param>
    public static void CountFailed(int entries) => Failed.Add(entries);
}
