using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.Ensemble;

/// <summary>The answer, how it was found, and how far the members agreed.</summary>
public sealed record EnsembleResult
{
    /// <summary>Whether every member answered.</summary>
    public required bool Complete { get; init; }

    /// <summary>The answer, exactly as <see cref="Winner"/> gave it. None where nothing could be decided.</summary>
    public string? Answer { get; init; }

    /// <summary>The member whose answer it is.</summary>
    public string? Winner { get; init; }

    /// <summary>What decided.</summary>
    public required EnsembleDecision DecidedBy { get; init; }

    /// <summary>How far the answers agree.</summary>
    public required EnsembleAgreement Agreement { get; init; }

    /// <summary>How each member fared, in the order of the input.</summary>
    public required IReadOnlyList<EnsembleMemberOutcome> Members { get; init; }

    /// <summary>What the judge did, where one was asked.</summary>
    public EnsembleVerdict? Judge { get; init; }

    /// <summary>What all calls cost together.</summary>
    public required Cost Cost { get; init; }

    /// <summary>Where the answer came from; none where its member was asked.</summary>
    public CacheNote? Cache { get; init; }

    /// <summary>What members that were given up cost: their input, estimated at four characters a token and without a price, as what the provider charges is not known.</summary>
    public required Cost Wasted { get; init; }

    /// <summary>What must not be overlooked: that the judge's reply was not valid and a vote took its place, or that the offline model answered.</summary>
    public string? Notice { get; init; }
}

/// <summary>What decided for an answer.</summary>
public enum EnsembleDecision
{
    /// <summary>Nothing: no answer could be counted.</summary>
    Undecided,

    /// <summary>All answers are equal.</summary>
    Unanimous,

    /// <summary>More than half of the answers are equal.</summary>
    Majority,

    /// <summary>It was given most often, though by no more than half.</summary>
    Plurality,

    /// <summary>Others were given as often; its members weigh more.</summary>
    TieByWeight,

    /// <summary>Others were given as often by members of the same weight; its first member comes first.</summary>
    TieByOrder,

    /// <summary>As many agreed as were asked for, so that the others were given up.</summary>
    Quorum,

    /// <summary>The judge.</summary>
    Judge,
}

/// <summary>How far the answers agree.</summary>
public sealed record EnsembleAgreement
{
    /// <summary>The answers, equal ones together; the one that most members gave comes first.</summary>
    public required IReadOnlyList<EnsembleGroup> Groups { get; init; }

    /// <summary>The first group's part of all votes, 0 to 1.</summary>
    public required double Ratio { get; init; }

    /// <summary>By how much of the votes it leads the second group, 0 to 1.</summary>
    public required double Margin { get; init; }

    /// <summary>Shannon's entropy of the votes in bits: 0 where all agree, log2(n) where n members all differ.</summary>
    public required double Entropy { get; init; }

    /// <summary>Members that answered, but whose answer casts no vote: it does not match the pattern, or names no label or several.</summary>
    public IReadOnlyList<string>? Unclear { get; init; }
}

/// <summary>Members that gave equal answers.</summary>
/// <param name="Answer">The form in which the answers are equal, up to 200 characters of it.</param>
/// <param name="Members">The members, in the order of the input.</param>
/// <param name="Weight">What they weigh together.</param>
public sealed record EnsembleGroup(string Answer, IReadOnlyList<string> Members, decimal Weight);

/// <summary>How one member fared.</summary>
public sealed record EnsembleMemberOutcome
{
    /// <summary>The member's key.</summary>
    public required string Key { get; init; }

    /// <summary>How it ended. Cancelled: it was running when the outcome no longer depended on it.</summary>
    public required BranchStatus Status { get; init; }

    /// <summary>Its answer, stored where it is long.</summary>
    public Content? Answer { get; init; }

    /// <summary>The model that answered, by its own name.</summary>
    public string? Model { get; init; }

    /// <summary>How it failed.</summary>
    public FailureDetails? Error { get; init; }

    /// <summary>How long it took, all attempts included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What it cost. Estimated for one that was given up.</summary>
    public Cost? Cost { get; init; }

    /// <summary>Where its answer came from; none where it was asked.</summary>
    public CacheNote? Cache { get; init; }
}

/// <summary>What the judge did.</summary>
public sealed record EnsembleVerdict
{
    /// <summary>The judge's model, by its own name. None where it never answered.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it gave a valid reply.</summary>
    public required bool Valid { get; init; }

    /// <summary>The members whose answers it saw, in the order in which it saw them.</summary>
    public required IReadOnlyList<string> Shown { get; init; }

    /// <summary>Its scores, in the order of <see cref="Shown"/>, where it scored.</summary>
    public IReadOnlyList<double>? Scores { get; init; }

    /// <summary>What was wrong with replies that were not valid, or how the call failed.</summary>
    public IReadOnlyList<string>? Faults { get; init; }

    /// <summary>What it cost, all replies together.</summary>
    public required Cost Cost { get; init; }
}
