using System.Text.Json;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;

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

    /// <summary>Whether a start that is refused for load led to a run before: asking for that costs nothing and is never refused.</summary>
    /// <param name="registration">What is to be started.</param>
    /// <param name="body">Its checked body.</param>
    /// <param name="options">Instance ID and lane.</param>
    /// <param name="source">What the instance ID came from, for messages.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <returns>The run's instance ID; null where there is none.</returns>
    /// <exception cref="ProblemException">The ID was used for another start.</exception>
    public async Task<string?> FindRunAsync(OrchestratorRegistration registration, JsonElement body, StartOptions options, string source, CancellationToken cancellationToken)
    {
        if (options.InstanceId is not { } id || await runs.GetAsync(id, cancellationToken: cancellationToken) is not { } existing) return null;
        RefuseOther(registration, await InputAsync(registration, body, cancellationToken), source, existing);
        return existing.InstanceId;
    }

    /// <summary>The run: a new one, or the one that the same start led to before.</summary>
    /// <param name="registration">What to start.</param>
    /// <param name="body">Its checked body.</param>
    /// <param name="options">Instance ID and lane.</param>
    /// <param name="source">What the instance ID came from, for messages.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <exception cref="ProblemException">The body does not fit after all, or the ID was used for another start.</exception>
    public async Task<StartedRun> StartAsync(OrchestratorRegistration registration, JsonElement body, StartOptions options, string source, CancellationToken cancellationToken)
    {
        var input = await InputAsync(registration, body, cancellationToken);
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var started = await runs.StartAsync(registration.Name, input, options, cancellationToken);
            ApiLog.RunStarted(environment.Logger, started.InstanceId, registration.Name, started.Created);
            if (started.Created)
            {
                return started;
            }

            // Null when it was purged between the two calls: then the next attempt creates it.
            if (await runs.GetAsync(started.InstanceId, cancellationToken: cancellationToken) is { } existing)
            {
                RefuseOther(registration, input, source, existing);
                return started;
            }
        }

        throw new ProblemException(ProblemKind.IdempotencyConflict, $"The run of the {source} was purged each of the {Tries} times it was found. Let the purges end, then start it again.");
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

    private Task<JsonElement> InputAsync(OrchestratorRegistration registration, JsonElement body, CancellationToken cancellationToken) =>
        RunInput.StoreAsync(registration, body, environment.Catalog.Json, environment.Content, cancellationToken);

    private void RefuseOther(OrchestratorRegistration registration, JsonElement input, string source, RunState existing)
    {
        var other = !string.Equals(existing.Name, registration.Name, StringComparison.OrdinalIgnoreCase) ? $"orchestrator '{existing.Name}'"
            : existing.Input is { } earlier && IsSame(registration, earlier, input) ? null
            : "another input";
        if (other is not null)
        {
            throw new ProblemException(ProblemKind.IdempotencyConflict, $"The {source} was used before, with {other}: run '{existing.InstanceId}' ({existing.RuntimeStatus}). Send the same request again to get that run, or choose another key or ID to start a new one.");
        }
    }
}
