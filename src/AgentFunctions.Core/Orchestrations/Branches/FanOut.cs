using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>
/// Runs many branches at once and gives an outcome for each, in input order: the combinator under every pattern. A branch that fails does
/// not fail the others; a branch that is no longer needed is cancelled and never waited for; its timers are cancelled when it ends.
/// </summary>
public static class FanOut
{
    /// <summary>
    /// Calls one activity with many inputs. With more than <see cref="FanOutOptions.ChildFanOut"/> of them, the branches run in
    /// sub-orchestrations, so that no history holds more than that many: then the quorum is counted whenever a sub-orchestration ends
    /// (each stops by itself at what was still wanting when it started), values of those still running are dropped, their branches are
    /// Cancelled, and progress comes in their steps.
    /// </summary>
    /// <remarks>The JSON contexts must know <c>FanOutSliceInput&lt;TInput&gt;</c> and <c>FanOutSliceResult&lt;TOutput&gt;</c> where it may come to splitting: see OrchestrationsJsonContext.</remarks>
    /// <typeparam name="TInput">The activity's input.</typeparam>
    /// <typeparam name="TOutput">The activity's output.</typeparam>
    /// <param name="context">The run's context.</param>
    /// <param name="activity">Which activity.</param>
    /// <param name="inputs">The branches. None gives none.</param>
    /// <param name="options">How it runs. Default: <see cref="FanOutOptions"/> as it is.</param>
    /// <param name="progress">Hears of progress, at most once for each branch. Default: nobody.</param>
    /// <param name="cancellationToken">Gives up what has not ended. Only code of the same orchestrator may cancel it.</param>
    /// <returns>An outcome for each branch, in the order of <paramref name="inputs"/>.</returns>
    /// <exception cref="ArgumentException">A setting is out of its range, two branches have one key, or a critical key is no branch's.</exception>
    public static Task<IReadOnlyList<Branch<TOutput>>> RunAsync<TInput, TOutput>(
        OrchestrationContext context,
        ActivityReference<TInput, TOutput> activity,
        IReadOnlyList<BranchInput<TInput>> inputs,
        FanOutOptions? options = null,
        Action<FanOutProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= new();
        if (inputs.Count > options.ChildFanOut)
        {
            if (options.Fault([.. inputs.Select(input => input.Key)]) is { } fault) throw new ArgumentException(fault, nameof(options));
            return new SlicedFanOut<TInput, TOutput>(context, activity, inputs, options, progress).RunAsync(cancellationToken);
        }

        return RunAsync(
            context,
            [.. inputs.Select(input => new BranchBody<TOutput>(input.Key, token => context.CallActivityAsync(activity, input.Input, new CallOptions { Label = input.Key, Cancellation = token })))],
            options,
            progress,
            cancellationToken);
    }

    /// <summary>Runs many pieces of an orchestrator. They all run in this run: above a few hundred, call sub-orchestrations in them.</summary>
    /// <typeparam name="T">What a branch gives.</typeparam>
    /// <param name="context">The run's context.</param>
    /// <param name="branches">The branches. None gives none.</param>
    /// <param name="options">How it runs; <see cref="FanOutOptions.ChildFanOut"/> does not matter here. Default: <see cref="FanOutOptions"/> as it is.</param>
    /// <param name="progress">Hears of progress, once for each branch that ends. Default: nobody.</param>
    /// <param name="cancellationToken">Gives up what has not ended. Only code of the same orchestrator may cancel it.</param>
    /// <returns>An outcome for each branch, in the order of <paramref name="branches"/>.</returns>
    /// <exception cref="ArgumentException">A setting is out of its range, two branches have one key, or a critical key is no branch's.</exception>
    public static Task<IReadOnlyList<Branch<T>>> RunAsync<T>(
        OrchestrationContext context,
        IReadOnlyList<BranchBody<T>> branches,
        FanOutOptions? options = null,
        Action<FanOutProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(branches);
        options ??= new();
        if (options.Fault([.. branches.Select(branch => branch.Key)]) is { } fault) throw new ArgumentException(fault, nameof(options));
        var tally = new FanOutTally(branches.Count, options);
        return options.Rate is { } rate
            ? ReservedStarts.RunAsync(context, rate, branches, (paced, starts) => new FanOutRun<T>(context, paced, options, Ended, starts).RunAsync(cancellationToken))
            : new FanOutRun<T>(context, branches, options, Ended).RunAsync(cancellationToken);

        bool Ended(int place, Branch<T> branch)
        {
            var enough = tally.Add(branch);
            progress?.Invoke(tally.Progress);
            return enough;
        }
    }
}
