using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.Ensemble;

/// <summary>
/// One prompt to several models at once. Their answers become one by a majority vote (self-consistency: Wang and others, 2022, arXiv 2203.11171),
/// or by a cheap judge that picks one and can't rewrite it (Zheng and others, 2023, arXiv 2306.05685; the answers are shown to it in a drawn order,
/// against its bias for places). The result is always, character by character, what one member answered; how far they disagree is reported.
/// </summary>
public sealed class EnsembleOrchestrator : Orchestrator<EnsembleInput, EnsembleResult>
{
    /// <inheritdoc/>
    public override void Validate(EnsembleInput input, InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        EnsembleValidation.Check(input, errors);
    }

    /// <inheritdoc/>
    public override async ValueTask<EnsembleInput> PrepareAsync(EnsembleInput input, IContentStore content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Prompt is not { } prompt) return input;
        var stored = await Content.FromTextAsync(prompt, content, cancellationToken);
        return stored.Ref is { } address ? input with { Prompt = null, PromptRef = address } : input;
    }

    /// <inheritdoc/>
    /// <exception cref="TaskFailedException">No member answered; the details name each member's failure.</exception>
    public override async Task<EnsembleResult> RunAsync(OrchestrationContext context, EnsembleInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);

        // Drawn first, so that the order in which the judge sees the answers does not depend on which calls were tried again.
        var random = ReplaySafeRandom.From(context);
        var poll = new EnsemblePoll(context, input);
        await poll.RunAsync();
        var choice = EnsembleChoice.ByVote(poll, input.Members);
        var verdict = input.Method == EnsembleMethod.Judge && poll.Count.Groups.Count > 1 && !poll.IsQuorum ? await new EnsembleBench(context, input, poll, random).AskAsync() : null;
        if (verdict?.Choice is { } chosen) choice = new(chosen, EnsembleDecision.Judge, null);
        return await EnsembleReport.ResultAsync(context, input, poll, choice, verdict);
    }
}
