using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.Voting;

namespace AgentFunctions.Core.Orchestrations.Ensemble;

/// <summary>What to ask, whom, and how the answers become one.</summary>
public sealed record EnsembleInput
{
    /// <summary>The request: 1 to 1,000,000 characters. A long one is moved to the content store before the run starts.</summary>
    public string? Prompt { get; init; }

    /// <summary>Where the request (UTF-8) is stored. Exactly one of <see cref="Prompt"/> and <see cref="PromptRef"/> is set.</summary>
    public ContentRef? PromptRef { get; init; }

    /// <summary>Who is asked, 2 to 50.</summary>
    public required IReadOnlyList<EnsembleMember> Members { get; init; }

    /// <summary>How the answers become one. Default: vote.</summary>
    public EnsembleMethod Method { get; init; }

    /// <summary>Which part of an answer is voted on. Default: all of it.</summary>
    public AnswerExtraction Extract { get; init; } = new();

    /// <summary>The judge, where the method is judge. Default: the fast tier selects.</summary>
    public EnsembleJudge? Judge { get; init; }

    /// <summary>When the rest is given up. Default: never; every answer is waited for.</summary>
    public EnsembleQuorum? Quorum { get; init; }

    /// <summary>How long a member may take, all its attempts included; above 0, up to 1 day. Default: 5 minutes.</summary>
    public TimeSpan MemberTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a member or the judge is asked when calls fail, 1 to 10. A permanent failure is not tried again. Default: 3.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>The longest answer in tokens, 1 to 100,000. Default: the model's own limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>How the cache may be used, for members and judge. Members that are told the same never share an answer. Those with a temperature above 0 are cached only where this is set. Default: in every way.</summary>
    public CacheSettings? Cache { get; init; }
}

/// <summary>One of those who are asked.</summary>
public sealed record EnsembleMember
{
    /// <summary>Its name, 1 to 100 characters, unique.</summary>
    public required string Key { get; init; }

    /// <summary>A tier (<c>fast</c>, <c>balanced</c>, <c>capable</c>) or a configured model's name.</summary>
    public required string Model { get; init; }

    /// <summary>How to answer, 1 to 4,000 characters: a role or a method of its own. Default: <c>Answer the request.</c></summary>
    public string? Instructions { get; init; }

    /// <summary>What its vote weighs where votes are equally many, 0 to 1,000. Default: 1.</summary>
    public decimal Weight { get; init; } = 1;

    /// <summary>Sampling temperature, 0 to 2. Default: the provider's.</summary>
    public float? Temperature { get; init; }
}

/// <summary>How several answers become one.</summary>
public enum EnsembleMethod
{
    /// <summary>The answer that most members gave. The default.</summary>
    Vote,

    /// <summary>The answer that a model takes for the best.</summary>
    Judge,
}

/// <summary>The model that picks an answer. It never writes one.</summary>
public sealed record EnsembleJudge
{
    /// <summary>A tier or a configured model's name. Default: <c>fast</c>.</summary>
    public string Model { get; init; } = ModelTiers.Fast;

    /// <summary>What makes an answer good, 1 to 4,000 characters. Default: that it is correct, complete and to the point.</summary>
    public string? Criteria { get; init; }

    /// <summary>True: it scores every answer from 0 to 10, and the highest wins. False: it names the best. The offline model can only name. Default: false.</summary>
    public bool Scores { get; init; }

    /// <summary>How long it may take, above 0, up to 1 day. Default: 5 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>When answers that are still missing are given up.</summary>
public sealed record EnsembleQuorum
{
    /// <summary>So many equal answers end the run, 2 to the number of members. Default: none.</summary>
    public int? Agreeing { get; init; }

    /// <summary>Vote only: the rest is given up as soon as it can't change the winner. Default: true.</summary>
    public bool Decided { get; init; } = true;
}
