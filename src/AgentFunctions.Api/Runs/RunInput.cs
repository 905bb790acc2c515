using System.Text.Json;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Api.Runs;

/// <summary>Makes a body into an input that a run can be started with, or says all that is wrong with it.</summary>
internal static class RunInput
{
    /// <summary>Says all that is wrong with a body, as far as it shows without the content store.</summary>
    /// <exception cref="ProblemException">It does not fit.</exception>
    public static void Check(OrchestratorRegistration orchestrator, JsonElement body, JsonSerializerOptions json)
    {
        Refuse(orchestrator, InputShape.Check(body, orchestrator.InputType, json));
        try
        {
            Refuse(orchestrator, orchestrator.Validate(body, json));
        }
        catch (Exception exception) when (exception is JsonException or PermanentFailureException or ContentNotFoundException)
        {
            throw Problem(orchestrator, exception);
        }
    }

    /// <summary>Checks a body, and makes it into the input: what is large goes to the content store.</summary>
    /// <exception cref="ProblemException">It does not fit.</exception>
    public static async Task<JsonElement> PrepareAsync(OrchestratorRegistration orchestrator, JsonElement body, JsonSerializerOptions json, IContentStore content, CancellationToken cancellationToken)
    {
        Check(orchestrator, body, json);
        return await StoreAsync(orchestrator, body, json, content, cancellationToken);
    }

    /// <summary>Makes a body that was checked into the input.</summary>
    /// <exception cref="ProblemException">It does not fit after all.</exception>
    public static async Task<JsonElement> StoreAsync(OrchestratorRegistration orchestrator, JsonElement body, JsonSerializerOptions json, IContentStore content, CancellationToken cancellationToken)
    {
        try
        {
            return await orchestrator.PrepareAsync(body, content, json, cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or PermanentFailureException or ContentNotFoundException)
        {
            throw Problem(orchestrator, exception);
        }
    }

    /// <summary>What is wrong with an input that is to blame for a failure.</summary>
    private static ProblemException Problem(OrchestratorRegistration orchestrator, Exception exception) => exception switch
    {
        JsonException json => Misfit(orchestrator, json),
        PermanentFailureException => new(ProblemKind.InvalidInput, $"The input does not fit orchestrator '{orchestrator.Name}': {exception.Message}"),
        _ => new(ProblemKind.ContentNotFound, exception.Message),
    };

    private static ProblemException Misfit(OrchestratorRegistration orchestrator, JsonException exception)
    {
        var path = exception.Path is null or "$" ? "$" : exception.Path.StartsWith("$.", StringComparison.Ordinal) ? exception.Path[2..] : exception.Path;
        var message = JsonMessages.WithoutPosition(exception.Message);
        var errors = new InputErrors();
        errors.AddIf(true, path, JsonMessages.SpeaksOfTypes(message) ? "This does not fit what is expected here; /api/openapi.json shows the input's schema." : message);
        return Invalid(orchestrator, errors);
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
