namespace AgentFunctions.Core.Caching.Semantics;

/// <summary>How answers to other questions with the same meaning are found. Bound from the section <see cref="Section"/>.</summary>
public sealed class SemanticOptions
{
    /// <summary>The configuration section: <c>Cache:Semantic</c>.</summary>
    public const string Section = "Cache:Semantic";

    /// <summary>Whether an answer to another question with the same meaning is used for calls that don't say. Default: false: right first.</summary>
    public bool Enabled { get; set; }

    /// <summary>The longest question that is compared, in characters, 1 to 10,000; a longer one is matched exactly or not at all. Default: 1,000.</summary>
    public int LongestQuestion { get; set; } = 1000;

    /// <summary>The lowest score that is a hit, for tenants without feedback, 0.5 to 1. From 0.85 on no word that carries meaning may be missing in one of the questions. Default: 0.9.</summary>
    public double Threshold { get; set; } = 0.9;

    /// <summary>What feedback may lower a tenant's threshold to, 0.5 to 1 and not above <see cref="Threshold"/>. Default: 0.6.</summary>
    public double Floor { get; set; } = 0.6;

    /// <summary>The share of wrong answers that is allowed when a threshold is lowered, 0.001 to 0.2. Default: 0.01.</summary>
    public double Budget { get; set; } = 0.01;

    /// <summary>How many questions one worker remembers, 1,024 to 16,777,216; the oldest go first, 256 at a time. Default: 1,000,000, about 0.2 GB when full.</summary>
    public int MostQuestions { get; set; } = 1_000_000;

    /// <summary>For how many tenants feedback is in memory, 1 to 1,000,000; beyond that the one that learned longest ago is forgotten until it is loaded again. Default: 10,000.</summary>
    public int MostTenants { get; set; } = 10_000;

    /// <summary>What is wrong with the settings, each with its name, its value and the range; empty where nothing is.</summary>
    public IReadOnlyList<string> Errors()
    {
        List<string> errors = [];
        if (LongestQuestion is < 1 or > 10_000) errors.Add(FormattableString.Invariant($"{Section}:{nameof(LongestQuestion)} is {LongestQuestion}. It must be 1 to 10,000."));
        if (Threshold is not (>= 0.5 and <= 1)) errors.Add(FormattableString.Invariant($"{Section}:{nameof(Threshold)} is {Threshold}. It must be 0.5 to 1."));
        if (Floor is not (>= 0.5 and <= 1)) errors.Add(FormattableString.Invariant($"{Section}:{nameof(Floor)} is {Floor}. It must be 0.5 to 1."));
        if (Floor > Threshold) errors.Add(FormattableString.Invariant($"{Section}:{nameof(Floor)} is {Floor}. It must not be above {Section}:{nameof(Threshold)}, which is {Threshold}."));
        if (Budget is not (>= 0.001 and <= 0.2)) errors.Add(FormattableString.Invariant($"{Section}:{nameof(Budget)} is {Budget}. It must be 0.001 to 0.2."));
        if (MostQuestions is < 1024 or > 16_777_216) errors.Add(FormattableString.Invariant($"{Section}:{nameof(MostQuestions)} is {MostQuestions}. It must be 1,024 to 16,777,216."));
        if (MostTenants is < 1 or > 1_000_000) errors.Add(FormattableString.Invariant($"{Section}:{nameof(MostTenants)} is {MostTenants}. It must be 1 to 1,000,000."));
        return errors;
    }
}
