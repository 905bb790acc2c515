using System.Text.Json;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using Microsoft.Net.Http.Headers;

namespace AgentFunctions.App.ServiceBus;

/// <summary>The body of a message, as strictly as the HTTP contract reads one.</summary>
internal static class MessageBody
{
    /// <summary>The body as JSON.</summary>
    /// <param name="message">The message.</param>
    /// <param name="most">The most bytes.</param>
    /// <param name="expected">What it is to be, for messages.</param>
    /// <exception cref="ProblemException">It is none.</exception>
    public static JsonElement Read(AgentTaskMessage message, long most, string expected)
    {
        CheckContentType(message.ContentType);
        if (message.Body is not { } body)
        {
            throw new ProblemException(ProblemKind.InvalidJson, $"The message's body is an AMQP value or sequence, not data. Send {expected} as UTF-8 bytes of JSON.");
        }

        if (body.IsEmpty)
        {
            throw new ProblemException(ProblemKind.InvalidJson, $"The body is empty. Send {expected} as a JSON object.");
        }

        return body.Length <= most
            ? StrictJson.Parse(body)
            : throw new ProblemException(ProblemKind.TooLarge, $"The body has {body.Length} bytes, and the limit is {most}. Send less, or store large documents and send their content references.");
    }

    private static void CheckContentType(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType))
        {
            return;
        }

        var isJson = MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (type.Charset.Length == 0 || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isJson)
        {
            throw new ProblemException(ProblemKind.UnsupportedMediaType, $"The message's ContentType is '{Shown.Of(contentType)}'. Send the body as UTF-8 JSON with ContentType application/json, or without one.");
        }
    }
}
