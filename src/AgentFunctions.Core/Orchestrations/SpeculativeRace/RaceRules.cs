using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.SpeculativeRace;

/// <summary>Which answers are valid, and what a cancelled path is taken to have cost. Pure.</summary>
internal static class RaceRules
{
    // OpenAI, "What are tokens and how to count them?": about four characters of English a token.
    private const int CharactersPerToken = 4;

    /// <summary>What is wrong with an answer, or null where it is valid.</summary>
    public static FailureDetails? FaultOf(string answer, string? finishReason, RaceAcceptance accept)
    {
        var length = answer.AsSpan().Trim().Length;
        return length == 0 ? Invalid("The answer is empty.")
            : finishReason == "content_filter" ? Invalid("The provider's content filter cut the answer.")
            : length < accept.MinLength ? Invalid($"The answer has {length} characters, but accept.minLength is {accept.MinLength}.")
            : accept.MustContain is { } text && !answer.Contains(text, StringComparison.OrdinalIgnoreCase) ? Invalid($"The answer does not contain '{text}', as accept.mustContain asks.")
            : null;
    }

    /// <summary>The input of a call whose usage nobody reported.</summary>
    public static Cost EstimateInput(string instructions, SpeculativeRaceInput input)
    {
        var characters = instructions.Length + (input.Prompt?.Length ?? input.PromptRef?.Length ?? 0);
        return new Cost((characters + CharactersPerToken - 1) / CharactersPerToken, 0, 0, Estimated: true);
    }

    private static FailureDetails Invalid(string message) => new() { Type = "InvalidAnswer", Message = message };
}
