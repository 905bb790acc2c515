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

    /// <summary>Why a text is no JSON. The reader's own words where they help; they speak of its options and buffers where they do not.</summary>
    public static string OfReader(string message)
    {
        var plain = WithoutPosition(message);
        return plain switch
        {
            _ when Has("does not contain any JSON tokens") => "It holds no JSON value. Send one.",
            _ when Has("trailing comma") => "There is a comma after the last item. Remove it.",
            _ when Has("Expected depth to be zero") => "It ends before every { and [ is closed. Send the whole text.",
            _ when Has("maximum configured depth") => $"It nests deeper than {StrictJson.MaxDepth} levels, which is the greatest depth. Send a flatter value.",
            _ when Has("Duplicate property") && plain.Split('\'') is [_, .. var name, _] => $"The property '{Shown.Of(string.Join('\'', name))}' is given twice in one object. Give it once.",
            _ => plain,
        };

        bool Has(string part) => plain.Contains(part, StringComparison.Ordinal);
    }

    /// <summary>Whether it is the serializer's own message, which speaks of .NET types, and not one that a converter wrote for people.</summary>
    public static bool SpeaksOfTypes(string message) =>
        message.Contains("could not be converted to", StringComparison.Ordinal)
        || message.Contains("JSON deserialization for type", StringComparison.Ordinal)
        || message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal)
        || message.Contains("doesn't allow", StringComparison.Ordinal);
}
