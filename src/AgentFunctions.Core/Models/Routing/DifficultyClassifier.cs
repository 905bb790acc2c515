using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Voting;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Routing;

/// <summary>Asks a cheap model how hard a request is. Its answer is kept as that of any call of the purpose <see cref="ModelPurpose.Classify"/>; where it fails, the rules decide.</summary>
/// <param name="model">The cheap model.</param>
/// <param name="timeout">How long it may take.</param>
/// <param name="time">The clock of that.</param>
internal sealed class DifficultyClassifier(ResolvedModel model, TimeSpan timeout, TimeProvider time)
{
    private const int LongestRequest = 4000;

    private const string Task = """
        Say how hard it is to answer the request. Do not answer it. Give one label and nothing else.
        - simple: a fact, a lookup, a greeting, a short rewording
        - moderate: an explanation, a summary, several facts to be put together
        - hard: reasoning in several steps, planning, comparing, mathematics, code, many constraints
        """;

    private static readonly (string Label, string Tier)[] Labels = [("simple", ModelTiers.Fast), ("moderate", ModelTiers.Balanced), ("hard", ModelTiers.Capable)];

    /// <summary>Asks.</summary>
    /// <param name="request">What is asked, without material.</param>
    /// <param name="call">The options of the call that is routed: for whom it is, and how the cache may be used.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What it did and cost, and the tier; none where it failed.</returns>
    public async Task<(RouteStep Step, string? Tier)> AskAsync(string request, ChatOptions? call, CancellationToken cancellationToken)
    {
        List<ChatMessage> messages = [new(ChatRole.System, Task), new(ChatRole.User, request.Shortened(LongestRequest))];
        var step = new RouteStep { Name = ModelTiers.Fast, Model = model.Name, Outcome = RouteOutcome.Classified, Reason = "how hard is it?" };
        using var late = new CancellationTokenSource(timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var response = await model.Client.GetResponseAsync(messages, Options(call), stop.Token);
            var kept = CachedModels.NoteOf(response.AdditionalProperties) is not null;
            step = step with { Cost = kept ? Cost.None : ModelCost.Of(ModelCost.Both(response.Usage), messages, response.Text, [], model.Price), Cached = kept };
            return TierIn(response.Text) is { } tier ? (step, tier) : (step with { Fault = $"'{response.Text.Shortened(60)}' is none of the labels; the rules decided" }, null);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return (step with { Fault = late.IsCancellationRequested ? $"no answer within {timeout}; the rules decided" : $"{error.GetType().Name}: {error.Message.Shortened(200)}; the rules decided" }, null);
        }
    }

    private static string? TierIn(string text) => AnswerForm.Of(text) is var form ? Labels.FirstOrDefault(label => string.Equals(label.Label, form, StringComparison.Ordinal)).Tier : null;

    private ChatOptions Options(ChatOptions? call)
    {
        var properties = new AdditionalPropertiesDictionary { [ModelProperties.Purpose] = ModelPurpose.Classify };
        foreach (var name in (string[])[ModelProperties.Priority, ModelProperties.Run, ModelProperties.Budget])
        {
            if (call?.AdditionalProperties?.GetValueOrDefault(name) is { } value) properties[name] = value;
        }

        if (call?.AdditionalProperties?.GetValueOrDefault(ModelProperties.CacheScope) is ModelCacheScope scope) properties[ModelProperties.CacheScope] = scope with { Kind = ModelCacheScope.KindOf(ModelPurpose.Classify), Question = null, Sample = null };
        return new ChatOptions { ModelId = model.Name, AdditionalProperties = properties };
    }
}
