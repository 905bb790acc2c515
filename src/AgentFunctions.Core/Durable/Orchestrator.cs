namespace AgentFunctions.Core.Durable;

/// <summary>
/// An orchestrator: code that decides what happens next and calls activities for every effect. It keeps no state outside local variables;
/// one object serves all runs.
/// </summary>
/// <typeparam name="TInput">Its input: a sealed init-only record.</typeparam>
/// <typeparam name="TOutput">Its result: a sealed init-only record.</typeparam>
public abstract class Orchestrator<TInput, TOutput>
{
    /// <summary>Runs it. Called again from the start on replay, so it must be deterministic (BannedSymbols.txt enforces what can be enforced).</summary>
    /// <param name="context">Time, effects and everything else from outside.</param>
    /// <param name="input">The run's input.</param>
    /// <returns>The run's result.</returns>
    public abstract Task<TOutput> RunAsync(OrchestrationContext context, TInput input);

    /// <summary>
    /// Says what is wrong with an input before a run is started, so that a bad request costs a 400 and not a failed run.
    /// Keys are JSON paths ("calls[2].tool"), values say what was wrong and what to do. Default: nothing is wrong.
    /// </summary>
    /// <param name="input">The input, as deserialized.</param>
    /// <param name="errors">Where to say so.</param>
    public virtual void Validate(TInput input, InputErrors errors)
    {
    }

    /// <summary>
    /// Moves large parts of an input into the content store before a run is started, so that history stays small. Must be a pure function
    /// of the input and idempotent. Default: the input as it is.
    /// </summary>
    /// <param name="input">The valid input.</param>
    /// <param name="content">Where large values go.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <returns>The input that the run is started with.</returns>
    public virtual ValueTask<TInput> PrepareAsync(TInput input, IContentStore content, CancellationToken cancellationToken) => ValueTask.FromResult(input);
}
