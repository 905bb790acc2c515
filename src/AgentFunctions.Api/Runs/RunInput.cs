using System.Text.Json;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Api.Runs;

/// <summary>Makes a body into an input that a run can be started with, or says all that is wrong with it.</summary>
internal static class RunInput
{
    public static async Task<JsonElement> PrepareAsync(OrchestratorRegistration orchestrator, JsonElement body, JsonSerializerOptions json, IContentStore content, CancellationToken cancellationToken)
    {
        Refuse(orchestrator, InputShape.Check(body, orchestrator.InputType, json));
        try
        {
            Refuse(orchestrator, orchestrator.Validate(body, json));
            return await orchestrator.PrepareAsync(body, content, json, cancellationToken);
        }
        catch (JsonException exception)
        {
            var path = exception.Path is null or "$" ? "$" : exception.Path.StartsWith("$.", StringComparison.Ordinal) ? exception.Path[2..] : exception.Path;
            var message = JsonMessages.WithoutPosition(exception.Message);
            var errors = new InputErrors();
            errors.AddIf(true, path, JsonMessages.SpeaksOfTypes(message) ? "This does not fit what is expected here; /api/openapi.json shows the input's schema." : message);
            throw Invalid(orchestrator, errors);
        }
        catch (PermanentFailureException exception)
        {
            throw new ProblemException(ProblemKind.InvalidInput, $"The input does not fit orchestrator '{orchestrator.Name}': {exception.Message}");
        }
        catch (ContentNotFoundException exception)
        {
            throw new ProblemException(ProblemKind.ContentNotFound, exception.Message);
        }
    }

    private static void Refuse(OrchestratorRegistration orchestrator, InputErrors errors)
    {
        if (!errors.IsEmpty)
        {
            throw Invalid(orchestrator, errors);
        }
    }

    private static ProblemException Invalid(OrchestratorRegistration orchestrator, InputErrors errors) =>
        ProblemException.Body(ProblemKind.InvalidInput, $"The input does not fit orchestrator '{orchestrator.Name}'.", errors);
}
