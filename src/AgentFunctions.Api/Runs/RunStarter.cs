using System.Text.Json;
using AgentFunctions.Api.Budgets;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
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

    /// <summary>The run that a start led to before, where it is refused for load: asking for that costs nothing and is never refused.</summary>
    /// <param name="start">What was asked for.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <returns>The run's instance ID; null where there is none.</returns>
    /// <exception cref="ProblemException">The ID was used for another start.</exception>
    public async Task<string?> FindRunAsync(RunStart start, CancellationToken cancellationToken)
    {
        if (start.Options.InstanceId is not { } id || await runs.GetAsync(id, cancellationToken: cancellationToken) is not { } existing) return null;
        RefuseOther(start, await InputAsync(start, cancellationToken), existing);
        return existing.InstanceId;
    }

    /// <summary>The run: a new one, or the one that the same start led to before.</summary>
    /// <param name="start">What is asked for.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <exception cref="ProblemException">The body does not fit after all, the ID was used for another start, or runs here have no budgets of their own.</exception>
    public async Task<StartedRun> StartAsync(RunStart start, CancellationToken cancellationToken)
    {
        var input = await InputAsync(start, cancellationToken);
        if (start.Options.Budget is not null) StartBudget.Check(environment);
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var started = await runs.StartAsync(start.Registration.Name, input, start.Options, cancellationToken);
            ApiLog.RunStarted(environment.Logger, started.InstanceId, start.Registration.Name, started.Created);
            if (started.Created)
            {
                return started;
            }

            // Null when it was purged between the two calls: then the next attempt creates it.
            if (await runs.GetAsync(started.InstanceId, cancellationToken: cancellationToken) is { } existing)
            {
                RefuseOther(start, input, existing);
                return started;
            }
        }

        throw new ProblemException(ProblemKind.IdempotencyConflict, $"The run of the {start.Source} was purged each of the {Tries} times it was found. Let the purges end, then start it again.");
    }

    /// <summary>Whether two inputs are one: as JSON, or as what the orchestrator makes of it, to which 00:00:05 is 00:00:05.000 and a default that is written out is none.</summary>
    private bool IsSame(OrchestratorRegistration registration, JsonElement earlier, JsonElement input)
    {
        if (JsonElement.DeepEquals(earlier, input)) return true;
        try
        {
            return JsonElement.DeepEquals(Read(earlier), Read(input));
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            // What an earlier version of the orchestrator took, and this one can't read, is another input.
            return false;
        }

        JsonElement Read(JsonElement written)
        {
            var type = environment.Catalog.Json.GetTypeInfo(registration.InputType);
            return JsonSerializer.SerializeToElement(written.Deserialize(type), type);
        }
    }

    private Task<JsonElement> InputAsync(RunStart start, CancellationToken cancellationToken) =>
        RunInput.StoreAsync(start.Registration, start.Body, environment.Catalog.Json, environment.Content, cancellationToken);

    private void RefuseOther(RunStart start, JsonElement input, RunState existing)
    {
        var other = !string.Equals(existing.Name, start.Registration.Name, StringComparison.OrdinalIgnoreCase) ? $"orchestrator '{existing.Name}'"
            : existing.Input is not { } earlier || !IsSame(start.Registration, earlier, input) ? "another input"
            : OtherBudget(start.Options.Budget, existing.Budget);
        if (other is not null)
        {
            throw new ProblemException(ProblemKind.IdempotencyConflict, $"The {start.Source} was used before, with {other}: run '{existing.InstanceId}' ({existing.RuntimeStatus}). Send the same request again to get that run, or choose another key or ID to start a new one.");
        }
    }

    private static string? OtherBudget(BudgetLimit? budget, BudgetLimit? before) => before == budget ? null : before is null ? "no budget" : $"a budget of {before}";
}
