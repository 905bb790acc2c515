using System.Text.Json;
using AgentFunctions.Api.Problems;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Api.Requests;

/// <summary>Reads a body that is no orchestrator's input, as strictly as those are read.</summary>
internal static class TypedBody
{
    /// <summary>The value.</summary>
    /// <param name="body">The body.</param>
    /// <param name="what">What it is to be, for messages: <c>feedback</c>.</param>
    /// <param name="json">How it is read.</param>
    public static T Read<T>(JsonElement body, string what, JsonSerializerOptions json)
    {
        Refuse(what, InputShape.Check(body, typeof(T), json));
        try
        {
            return DurableJson.Read<T>(body, json);
        }
        catch (JsonException exception)
        {
            throw new ProblemException(ProblemKind.InvalidBody, $"The body is no {what}: {JsonMessages.WithoutPosition(exception.Message)}");
        }
    }

    /// <summary>Refuses it where something is wrong with it.</summary>
    public static void Refuse(string what, InputErrors errors)
    {
        if (!errors.IsEmpty)
        {
            throw ProblemException.Body(ProblemKind.InvalidBody, $"The body is no {what}.", errors);
        }
    }
}
