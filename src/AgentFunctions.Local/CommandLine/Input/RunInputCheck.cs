using System.Text.Json;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Runs;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.CommandLine.Input;

/// <summary>Holds an input against its orchestrator before anything is started: what HTTP answers with 400 or 404, said on the command line.</summary>
internal static class RunInputCheck
{
    /// <summary>The input that the run is to be started with.</summary>
    /// <param name="host">The host.</param>
    /// <param name="orchestrator">The orchestrator's name, without regard to case.</param>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <exception cref="UsageException">There is no such orchestrator, or the input does not fit it.</exception>
    public static async Task<JsonElement> PrepareAsync(ILocalHost host, string orchestrator, JsonElement input, CancellationToken cancellationToken)
    {
        if (!host.Catalog.Orchestrators.TryGetValue(orchestrator, out var registration) || registration.Internal)
        {
            throw new UsageException(new OrchestratorNotFoundException(orchestrator, host.Catalog.PublicOrchestratorNames).Message);
        }

        try
        {
            return await RunInput.PrepareAsync(registration, input, host.Catalog.Json, host.Content, cancellationToken);
        }
        catch (ProblemException problem)
        {
            throw new UsageException(problem.Errors is null ? problem.Message : $"The input does not fit {registration.Name}:{string.Concat(problem.Errors.SelectMany(Lines))}");
        }
    }

    private static IEnumerable<string> Lines(KeyValuePair<string, string[]> errors) => errors.Value.Select(message => $"{Environment.NewLine}  {errors.Key}: {message}");
}
