using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AgentFunctions.Core.Models.Batches;

/// <summary>Reads JSON Lines.</summary>
internal static class BatchLines
{
    /// <summary>The objects, one a line; empty lines are skipped.</summary>
    /// <exception cref="ModelUnavailableException">A line is no such object: the file came damaged.</exception>
    public static IEnumerable<T> Read<T>(ReadOnlyMemory<byte> file, JsonTypeInfo<T> shape)
    {
        for (var number = 1; !file.IsEmpty; number++)
        {
            var end = file.Span.IndexOf((byte)'\n');
            var line = end < 0 ? file : file[..end];
            file = end < 0 ? default : file[(end + 1)..];
            if (line.Span.IndexOfAnyExcept(" \t\r"u8) < 0) continue;
            yield return Parse(line, shape, number);
        }
    }

    private static T Parse<T>(ReadOnlyMemory<byte> line, JsonTypeInfo<T> shape, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line.Span, shape) ?? throw new JsonException("It is null.");
        }
        catch (JsonException error)
        {
            throw new ModelUnavailableException($"Line {number} of the provider's file could not be read: {error.Message}", error);
        }
    }
}
