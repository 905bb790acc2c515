using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Routing;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Routing;

/// <summary>Decides where calls go: reads what the rules need to know from a call, and asks a cheap model where they are set so.</summary>
/// <param name="models">The models that are called.</param>
/// <param name="rules">The rules.</param>
/// <param name="options">The settings.</param>
/// <param name="time">The clock of short waits.</param>
internal sealed class ModelRouter(IModelCatalog models, RoutingRules rules, RoutingOptions options, TimeProvider time)
{
    // A longer text is material, whatever it is called.
    private const int LongestTask = 20_000;

    /// <summary>The models that are called.</summary>
    public IModelCatalog Models => models;

    /// <summary>The clock of short waits.</summary>
    public TimeProvider Time => time;

    /// <summary>The longest wait that is waited for.</summary>
    public TimeSpan SmallWait => options.SmallWait;

    /// <summary>Whether a call by this name goes to one model and no other, as long as its answer is not checked.</summary>
    public bool IsDirect(string name) => rules.IsDirect(name);

    /// <summary>Begins a call.</summary>
    /// <param name="name">What it asks for.</param>
    /// <param name="messages">Its messages.</param>
    /// <param name="call">Its options.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<RoutedCall> BeginAsync(string name, IReadOnlyList<ChatMessage> messages, ChatOptions? call, CancellationToken cancellationToken)
    {
        var isAuto = string.Equals(name, ModelTiers.Auto, StringComparison.OrdinalIgnoreCase);
        var purpose = PurposeOf(call);
        var tokens = ChatTranscript.Tokens(messages, call);
        var request = new RouteRequest(name, purpose, tokens, call?.MaxOutputTokens ?? 0);
        List<RouteStep> steps = [];
        if (isAuto && purpose == ModelPurpose.Answer)
        {
            var task = TaskOf(messages, call);
            request = request with { Complexity = ComplexityScore.Of(task) };
            if (rules.Strategy == RoutingStrategy.Model)
            {
                var (step, tier) = await new DifficultyClassifier(models.Resolve(ModelTiers.Fast), options.ClassifierTimeout, time).AskAsync(task, call, cancellationToken);
                steps.Add(step);
                request = request with { SuggestedTier = tier };
            }
        }

        var accept = call?.AdditionalProperties?.GetValueOrDefault(ModelProperties.Accept) as AnswerCheck;
        return new RoutedCall(this, request, rules.Decide(request), accept, steps, isAuto && purpose == ModelPurpose.Answer);
    }

    private static ModelPurpose PurposeOf(ChatOptions? call) => call?.AdditionalProperties?.GetValueOrDefault(ModelProperties.Purpose) switch
    {
        ModelPurpose purpose => purpose,
        string name when Enum.TryParse<ModelPurpose>(name, ignoreCase: true, out var purpose) => purpose,
        _ => ModelPurpose.Answer,
    };

    /// <summary>What is asked, without the material that it is asked of: as the call tells, or else what the user said last.</summary>
    private static string TaskOf(IReadOnlyList<ChatMessage> messages, ChatOptions? call)
    {
        var task = call?.AdditionalProperties?.GetValueOrDefault(ModelProperties.Task) as string ?? messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";
        return task.Length <= LongestTask ? task : task[..LongestTask];
    }
}
