using System.Globalization;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Routing;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Routing;

/// <summary>One call on its way through the models: what is tried now, what was, and the best answer so far. For one caller at a time.</summary>
internal sealed class RoutedCall
{
    private readonly ModelRouter router;
    private readonly RouteRequest request;
    private readonly bool isScored;
    private readonly AnswerCheck? accept;
    private readonly AnswerChecker? checker;
    private readonly List<RouteStep> steps;
    private readonly HashSet<string> waited = new(StringComparer.Ordinal);
    private RouteCourse course;

    public RoutedCall(ModelRouter router, RouteRequest request, RouteDecision decision, AnswerCheck? accept, List<RouteStep> steps, bool isScored)
    {
        this.router = router;
        this.request = request;
        this.accept = accept;
        this.steps = steps;
        this.isScored = isScored;
        checker = accept is null ? null : new AnswerChecker(accept);
        course = RouteCourse.Of(decision);
        RoutingMetrics.Routed(request.Name, course.Current!.Target.Name);
    }

    /// <summary>Whether answers are checked.</summary>
    public bool IsChecked => checker is not null;

    /// <summary>The model to be asked now.</summary>
    public ResolvedModel Model => router.Models.Resolve(Current.Target.Name);

    /// <summary>The last answer that was not accepted: of the highest tier that answered.</summary>
    public RoutedAnswer? Best { get; private set; }

    private RouteCandidate Current => course.Current!;

    /// <summary>The call's options for the model to be asked now.</summary>
    public ChatOptions OptionsOf(ChatOptions? options)
    {
        var own = options?.Clone() ?? new ChatOptions();
        own.ModelId = Model.Name;
        return own;
    }

    /// <summary>Whether another model, or another time, may help. Wrong input, a budget that is used up or reserved and a missing kept answer are the same for every model.</summary>
    public static bool MayFallBack(Exception error) => error is (ThrottledException and not BudgetBusyException) or DeploymentRefusedException or ModelUnavailableException or TimeoutException;

    /// <summary>The current model refused or failed. A short wait that it asks for is waited for, once.</summary>
    /// <returns>Whether there is a model to be asked now; false when the call ends with <see cref="Best"/>, or else with the error.</returns>
    public async Task<bool> FailedAsync(Exception error, CancellationToken cancellationToken)
    {
        if (error is ThrottledException { RetryAfter: { } wait } and not CircuitOpenException && wait <= router.SmallWait && waited.Add(Current.Target.Model))
        {
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, router.Time, cancellationToken);
            return true;
        }

        var failed = Current;
        steps.Add(Step(RouteOutcome.Failed) with { Fault = $"{error.GetType().Name}: {error.Message.Shortened(200)}" });
        course = course.Failed();
        if (course.Current is { } next)
        {
            RoutingMetrics.FellBack(failed.Target.Name, next.Target.Name, error);
            return true;
        }

        // A check that must be passed may be passed when the higher tier is there again: then the error says that, and what was answered is kept.
        if (accept is { Required: true }) Best = null;
        return false;
    }

    /// <summary>The current model answered.</summary>
    /// <param name="messages">What was sent.</param>
    /// <param name="response">The answer.</param>
    /// <param name="updates">How it came, where it came as a stream.</param>
    /// <returns>The answer to be given; null where another model is to be asked.</returns>
    /// <exception cref="AnswerRejectedException">None was accepted, and one must be.</exception>
    public RoutedAnswer? Answered(IEnumerable<ChatMessage> messages, ChatResponse response, IReadOnlyList<ChatResponseUpdate>? updates = null)
    {
        var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
        var kept = CachedModels.NoteOf(response.AdditionalProperties) is not null;
        var cost = kept ? Cost.None : ModelCost.Of(ModelCost.Both(response.Usage), messages, response.Text, calls.Select(call => (call.Name, (string?)string.Concat(call.Arguments?.Select(argument => $"{argument.Key}{argument.Value}") ?? []))), Model.Price);
        var fault = checker is null || calls.Count > 0 ? null
            : response.FinishReason == ChatFinishReason.ContentFilter ? "the content filter withheld it"
            : checker.FaultOf(response.Text);
        var answer = new RoutedAnswer(response, updates, Current, fault);
        steps.Add(Step(fault is null ? RouteOutcome.Answered : RouteOutcome.Rejected) with { Fault = fault, Cost = cost, Cached = kept });
        if (fault is null) return answer;

        // After the first rejection only higher tiers are asked, so that the last answer is the best one.
        Best = answer;
        course = course.Rejected();
        if (course.Current is { } next)
        {
            RoutingMetrics.Escalated(answer.From.Target.Name, next.Target.Name);
            return null;
        }

        if (accept!.Required) throw Rejected();
        return answer;
    }

    /// <summary>What an answer says of its way, as properties of the response.</summary>
    public AdditionalPropertiesDictionary PropertiesOf(RoutedAnswer answer)
    {
        var properties = answer.Response.AdditionalProperties?.Clone() ?? [];
        var isAuto = string.Equals(request.Name, ModelTiers.Auto, StringComparison.OrdinalIgnoreCase);
        var cost = Cost.Sum(steps.Select(step => step.Cost)) ?? Cost.None;
        properties[ModelProperties.Cost] = cost;
        if (isAuto || IsChecked || steps.Count > 1)
        {
            properties[ModelProperties.Route] = new ModelRoute { Asked = request.Name, Steps = [.. steps], Complexity = isScored ? Math.Round(request.Complexity, 3) : null, Accepted = IsChecked ? answer.Fault is null : null };
        }

        // What was paid for did not come from the cache, even if a part of it did.
        if (cost != Cost.None) properties.Remove(ModelProperties.CacheNote);
        string?[] notices = [properties.GetValueOrDefault(ModelProperties.Notice) as string, FallbackNotice(answer), RejectionNotice(answer)];
        if (notices.OfType<string>().ToList() is { Count: > 0 } said) properties[ModelProperties.Notice] = string.Join("; ", said);
        if (answer.Fault is not null) RoutingMetrics.GaveUp(request.Name);
        return properties;
    }

    private string? FallbackNotice(RoutedAnswer answer) => steps.Where(step => step.Outcome == RouteOutcome.Failed).ToList() is { Count: > 0 } failed
        ? $"answered by '{answer.From.Target.Name}' ({answer.From.Target.Model}), as {string.Join(" and ", failed.Select(step => $"'{step.Name}' ({step.Model}) failed with {step.Fault!.AsSpan(0, step.Fault!.IndexOf(':', StringComparison.Ordinal))}"))}"
        : null;

    private static string? RejectionNotice(RoutedAnswer answer) => answer.Fault is { } fault ? $"the answer was not accepted: {fault}" : null;

    private AnswerRejectedException Rejected()
    {
        RoutingMetrics.GaveUp(request.Name);
        var tried = string.Join("; ", steps.Where(step => step.Outcome == RouteOutcome.Rejected).Select(step => $"'{step.Name}' ({step.Model}): {step.Fault}"));
        return new(string.Create(CultureInfo.InvariantCulture, $"No answer was accepted. {tried}. It cost {(Cost.Sum(steps.Select(step => step.Cost)) ?? Cost.None).Usd} US dollars. Loosen the check, change the prompt, or leave 'required' out to get the best answer."));
    }

    private RouteStep Step(RouteOutcome outcome) => new()
    {
        Name = Current.Target.Name,
        Model = Current.Target.Model,
        Outcome = outcome,
        Reason = steps.LastOrDefault() switch
        {
            { Outcome: RouteOutcome.Rejected, Name: var rejected } => $"the answer of '{rejected}' was not accepted",
            { Outcome: RouteOutcome.Failed, Name: var failed } => $"'{failed}' failed; {Current.Reason}",
            _ => Current.Reason,
        },
    };
}

/// <summary>An answer, and what gave it.</summary>
/// <param name="Response">The answer.</param>
/// <param name="Updates">How it came, where it came as a stream.</param>
/// <param name="From">What gave it.</param>
/// <param name="Fault">Why it was not accepted; null where it was.</param>
internal sealed record RoutedAnswer(ChatResponse Response, IReadOnlyList<ChatResponseUpdate>? Updates, RouteCandidate From, string? Fault);
