namespace AgentFunctions.Api.Requests;

/// <summary>System.Text.Json's messages without what we say in our own words.</summary>
internal static class JsonMessages
{
    private static readonly string[] Tails = [" Path: ", " LineNumber: "];

    public static string WithoutPosition(string message)
    {
        foreach (var tail in Tails)
        {
            var at = message.IndexOf(tail, StringComparison.Ordinal);
            message = at < 0 ? message : message[..at];
        }

        return message;
    }

    /// <summary>Whether it is the serializer's own message, which speaks of .NET types, and not one that a converter wrote for people.</summary>
    public static bool SpeaksOfTypes(string message) =>
        message.Contains("could not be converted to", StringComparison.Ordinal)
        || message.Contains("JSON deserialization for type", StringComparison.Ordinal)
        || message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal)
        || message.Contains("doesn't allow", StringComparison.Ordinal);
}
