using System.Text.Json;
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

        InputErrors errors;
        try
        {
            errors = registration.Validate(input, host.Catalog.Json);
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"The input does not fit {registration.Name}: {wrong.Message}");
        }

        if (!errors.IsEmpty)
        {
            var lines = errors.ByPath.SelectMany(e => e.Value.Select(message => $"{Environment.NewLine}  {e.Key}: {message}"));
            throw new UsageException($"The input does not fit {registration.Name}:{string.Concat(lines)}");
        }

        return await registration.PrepareAsync(input, host.Content, host.Catalog.Json, cancellationToken);
    }
}
