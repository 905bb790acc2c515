using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Caching;

/// <summary>Reads and joins notes.</summary>
public static class CacheNotes
{
    /// <summary>The note that an output carries in a property named <c>cache</c>, or null where it carries none.</summary>
    /// <param name="output">An activity's or sub-orchestration's output.</param>
    /// <param name="json">The catalog's options.</param>
    public static CacheNote? Of(JsonElement output, JsonSerializerOptions json)
    {
        if (output.ValueKind != JsonValueKind.Object || !output.TryGetProperty("cache", out var note) || note.ValueKind != JsonValueKind.Object) return null;
        try
        {
            return DurableJson.Read<CacheNote>(note, json);
        }
        catch (JsonException)
        {
            // Some other tool's idea of a cache: not ours to tell.
            return null;
        }
    }

    /// <summary>One note for several answers that together are one: that of the oldest, with what all of them saved. Null where one of them was made anew, or there is none.</summary>
    /// <param name="notes">The notes; null for an answer that was made anew.</param>
    public static CacheNote? Join(IReadOnlyCollection<CacheNote?> notes)
    {
        ArgumentNullException.ThrowIfNull(notes);
        return notes.Count == 0 || notes.Contains(null) ? null : notes.MaxBy(note => note!.Age)! with { Saved = Cost.Sum(notes.Select(note => note!.Saved)) };
    }
}
