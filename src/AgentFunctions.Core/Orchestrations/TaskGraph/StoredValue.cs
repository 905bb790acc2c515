using System.Buffers;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>A value of the state that is in the content store: <c>{"$content":{"sha256":…,"length":…},"text":true}</c>. Pure but for <see cref="PutAsync"/>.</summary>
/// <param name="Ref">Where it is.</param>
/// <param name="IsText">Whether it is a text; else JSON.</param>
internal sealed record StoredValue(ContentRef Ref, bool IsText)
{
    private const string Marker = "$content";
    private const int LargestJson = 32 * 1024;

    /// <summary>Reads one, or gives null where the value is itself.</summary>
    public static StoredValue? From(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        && value.TryGetProperty(Marker, out var address) && address.ValueKind == JsonValueKind.Object
        && address.TryGetProperty("sha256", out var sha) && sha.ValueKind == JsonValueKind.String
        && address.TryGetProperty("length", out var length) && length.ValueKind == JsonValueKind.Number && length.TryGetInt64(out var bytes)
        && new ContentRef(sha.GetString()!, bytes) is var found && found.IsValid()
            ? new(found, value.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.True)
            : null;

    /// <summary>As JSON.</summary>
    public JsonElement ToElement()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(Marker);
            writer.WriteString("sha256", Ref.Sha256);
            writer.WriteNumber("length", Ref.Length);
            writer.WriteEndObject();
            if (IsText) writer.WriteBoolean("text", true);
            writer.WriteEndObject();
        }

        return DurableJson.Parse(buffer.WrittenMemory);
    }

    /// <summary>The value from its text in the store.</summary>
    public JsonElement Read(string text) => IsText ? DurableJson.Parse(JsonSerializer.SerializeToUtf8Bytes(text, DurableJsonContext.Default.String)) : JsonElement.Parse(text);

    /// <summary>Stores a large value.</summary>
    /// <returns>What stands for it, or null where it is small enough to stay as it is.</returns>
    public static async ValueTask<JsonElement?> PutAsync(JsonElement value, IContentStore store, CancellationToken cancellationToken)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            var content = await Content.FromTextAsync(value.GetString()!, store, cancellationToken);
            return content.Ref is { } text ? new StoredValue(text, IsText: true).ToElement() : null;
        }

        var json = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value);
        return json.Length > LargestJson ? new StoredValue(await store.PutAsync(json.ToArray(), cancellationToken), IsText: false).ToElement() : null;
    }
}
