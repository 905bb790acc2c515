using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.SpeculativeRace;

/// <summary>
/// One prompt to several models, each started in its time: the first valid answer wins, losers are cancelled or never start, and what they
/// cost is reported. A path is not tried again: the other paths are its second chance.
/// </summary>
public sealed class SpeculativeRaceOrchestrator : Orchestrator<SpeculativeRaceInput, SpeculativeRaceResult>
{
    /// <inheritdoc/>
    public override void Validate(SpeculativeRaceInput input, InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        SpeculativeRaceValidation.Check(input, errors);
    }

    /// <inheritdoc/>
    public override async ValueTask<SpeculativeRaceInput> PrepareAsync(SpeculativeRaceInput input, IContentStore content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Prompt is not { } prompt) return input;
        var stored = await Content.FromTextAsync(prompt, content, cancellationToken);
        return stored.Ref is { } address ? input with { Prompt = null, PromptRef = address } : input;
    }

    /// <inheritdoc/>
    /// <exception cref="TaskFailedException">No path gave a valid answer; the details name each path's failure.</exception>
    public override Task<SpeculativeRaceResult> RunAsync(OrchestrationContext context, SpeculativeRaceInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        return new Race(context, input).RunAsync();
    }
}
