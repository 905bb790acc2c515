using System.Text.Json;
using AgentFunctions.Api.Budgets;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Api.Runs;

/// <summary>Starts runs, once for each instance ID: for requests and for messages alike.</summary>
internal sealed class RunStarter(ApiEnvironment environment, IRunClient runs)
{
    private const int Tries = 3;

    /// <summary>The orchestrator of this name, where callers may start it.</summary>
    public OrchestratorRegistration Find(string name)
    {
        var registration = environment.Catalog.Orchestrators.GetValueOrDefault(name);
        if (registration is { Internal: false })
        {
            return registration;
        }

        IReadOnlyList<string> names = [.. environment.Catalog.PublicOrchestratorNames];
        var what = registration is null ? $"There is no orchestrator '{Shown.Of(name)}'." : $"Only other orchestrators start '{registration.Name}'.";
        throw new ProblemException(ProblemKind.UnknownOrchestrator, $"{what} There are: {string.Join(", ", names)}.") { Available = names };
    }

    /// <summary>The instance ID of the run: a new one, or the one that the same start led to before.</summary>
    /// <param name="registration">What to start.</param>
    /// <param name="input">Its prepared input.</param>
    /// <param name="options">Instance ID and lane.</param>
    /// <param name="source">What the instance ID came from, for messages.</param>
    /// <param name="budget">What the run may spend; null for what the settings say.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    public async Task<string> StartAsync(OrchestratorRegistration registration, JsonElement input, StartOptions options, string source, BudgetLimit? budget, CancellationToken cancellationToken)
    {
        if (budget is not null)
        {
            StartBudget.Check(environment);
            options = await StartBudget.KeepAsync(runs, options, budget, environment.Time, cancellationToken);
        }

        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var started = await runs.StartAsync(registration.Name, input, options, cancellationToken);
            ApiLog.RunStarted(environment.Logger, started.InstanceId, registration.Name, started.Created);
            if (started.Created)
            {
                return started.InstanceId;
            }

            // Null when it was purged between the two calls: then the next attempt creates it.
            if (await runs.GetAsync(started.InstanceId, cancellationToken: cancellationToken) is { } existing)
            {
                RefuseOther(registration, input, source, existing);
                await RefuseOtherAsync(budget, source, existing, cancellationToken);
                return existing.InstanceId;
            }
        }

        throw new ProblemException(ProblemKind.IdempotencyConflict, $"The run of the {source} was purged each of the {Tries} times it was found. Let the purges end, then start it again.");
    }

    private async Task RefuseOtherAsync(BudgetLimit? budget, string source, RunState existing, CancellationToken cancellationToken)
    {
        if (environment.Parts.Budgets is not { Options.RunBudgets: true }) return;
        var before = await RunBudget.OfAsync(runs, existing.InstanceId, cancellationToken);
        if (before != budget)
        {
            throw new ProblemException(ProblemKind.IdempotencyConflict, $"The {source} was used before, with {(before is null ? "no budget" : $"a budget of {before}")}: run '{existing.InstanceId}' ({existing.RuntimeStatus}). Send the same request again to get that run, or choose another key or ID to start a new one.");
        }
    }

    private static void RefuseOther(OrchestratorRegistration registration, JsonElement input, string source, RunState existing)
    {
        var other = !string.Equals(existing.Name, registration.Name, StringComparison.OrdinalIgnoreCase) ? $"orchestrator '{existing.Name}'"
            : existing.Input is { } earlier && JsonElement.DeepEquals(earlier, input) ? null
            : "another input";
        if (other is not null)
        {
            throw new ProblemException(ProblemKind.IdempotencyConflict, $"The {source} was used before, with {other}: run '{existing.InstanceId}' ({existing.RuntimeStatus}). Send the same request again to get that run, or choose another key or ID to start a new one.");
        }
    }
}
