using System.Text.Json;

namespace AgentFunctions.Core.Policies.Routing;

/// <summary>
/// What an answer must be to be accepted; all that is set must hold, and at least one must be set. An answer that is not accepted goes on to the next tier, where the call names a tier
/// or leaves the choice to us. An answer that only calls tools is accepted as it is.
/// </summary>
public sealed record AnswerCheck
{
    /// <summary>The answer is JSON that fits this JSON schema (draft 2020-12); a code fence around it is allowed. Default: none.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>The answer is one of these labels, whatever its case and surrounding punctuation. 1 to 1,000 of 1 to 200 characters. Default: none.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The answer matches this regular expression of .NET, anywhere unless it is anchored; 1 to 2,000 characters. One that needs more than 250 ms counts as no match. Default: none.</summary>
    public string? Pattern { get; init; }

    /// <summary>The answer's least length in characters without white space around it, 1 to 1,000,000. Default: none.</summary>
    public int? MinCharacters { get; init; }

    /// <summary>The answer's greatest length in characters without white space around it, 1 to 1,000,000. Default: none.</summary>
    public int? MaxCharacters { get; init; }

    /// <summary>The answer has none of the English phrases by which models refuse or say that they don't know (<see cref="RefusalPhrases"/>). Default: false.</summary>
    public bool NoRefusal { get; init; }

    /// <summary>The answer has none of these texts, whatever their case: 1 to 100 of 1 to 200 characters. Default: none.</summary>
    public IReadOnlyList<string>? MustNotContain { get; init; }

    /// <summary>The answer cites: a number in brackets (<c>[1]</c>), a link, or one of <see cref="Sources"/> in brackets. Default: false.</summary>
    public bool MustCite { get; init; }

    /// <summary>The names of what may be cited: with them only <c>[name]</c> counts, for one of them. 1 to 1,000 of 1 to 200 characters. Needs <see cref="MustCite"/>. Default: anything may be.</summary>
    public IReadOnlyList<string>? Sources { get; init; }

    /// <summary>Whether the call fails where no answer is accepted. Default: false, the best answer is given with <c>accepted</c> false and a notice.</summary>
    public bool Required { get; init; }
}
