namespace AgentFunctions.Core.Orchestrations.MapReduce;

/// <summary>Before a reduction, the partial results and the known gaps do not add up to the chunks: something was lost without a trace. A defect, never a normal outcome.</summary>
/// <param name="level">The level of reduction, from 1.</param>
/// <param name="expected">How many chunks there are.</param>
/// <param name="actual">How many are in the partial results or known to be missing.</param>
public sealed class ReductionCountException(int level, int expected, int actual)
    : Exception($"Reduction level {level} needs {expected} chunks, each in a partial result or reported as missing, but got {actual}. This is a defect in MapReduce; report it with the run's history.")
{
    /// <summary>The level of reduction, from 1.</summary>
    public int Level { get; } = level;

    /// <summary>How many chunks there are.</summary>
    public int Expected { get; } = expected;

    /// <summary>How many are accounted for.</summary>
    public int Actual { get; } = actual;
}
