using System.Buffers;
using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Templating;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>Finds values of the state by path, and reads those that are in the content store, each at most once in a run.</summary>
internal sealed class StateReader(OrchestrationContext context)
{
    private readonly Dictionary<string, Task<JsonElement>> loaded = new(StringComparer.Ordinal);

    /// <summary>The values that a template or a condition asks for; paths without a value are missing.</summary>
    /// <param name="root">Gives the state's value of a key.</param>
    /// <param name="paths">The paths.</param>
    /// <param name="keepStored">Whether a value that is wholly in the store stays there.</param>
    public async Task<Dictionary<string, JsonElement>> FindAsync(Func<string, JsonElement?> root, IEnumerable<string> paths, bool keepStored = false)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var path in paths.Distinct(StringComparer.Ordinal))
        {
            if (await FindAsync(root, path, keepStored) is { } value) values.Add(path, value);
        }

        return values;
    }

    /// <summary>Whether a condition holds.</summary>
    /// <exception cref="PermanentFailureException">A value can't be compared so.</exception>
    public async Task<bool> HoldsAsync(GraphCondition condition, Func<string, JsonElement?> root)
    {
        var values = await FindAsync(root, ConditionRules.Uses(condition).Select(use => use.Path));
        return ConditionRules.Holds(condition, path => values.TryGetValue(path, out var value) ? value : null);
    }

    /// <summary>A template with its values.</summary>
    /// <exception cref="PermanentFailureException">There is no value at a path.</exception>
    public async Task<JsonElement> RenderAsync(JsonElement template, Func<string, JsonElement?> root)
    {
        var values = await FindAsync(root, JsonTemplate.Uses(template).Select(use => use.Path));
        return JsonTemplate.Render(template, path => values.TryGetValue(path, out var value) ? value : null, Missing);
    }

    /// <summary>A text with its values.</summary>
    /// <exception cref="PermanentFailureException">There is no value at a path.</exception>
    public async Task<string> RenderAsync(string template, Func<string, JsonElement?> root)
    {
        var values = await FindAsync(root, TextTemplate.Uses(template).Select(use => use.Path));
        return TextTemplate.Render(template, path => values.TryGetValue(path, out var value) ? JsonTemplate.Text(value) : throw Missing(path));
    }

    /// <summary>What to throw for a path without a value.</summary>
    public static Exception Missing(string path) =>
        new PermanentFailureException($"The state has no value at '{path}' for this node: what should write it was skipped, failed, or writes something else. Give a default, or make this node depend on it.");

    private async Task<JsonElement?> FindAsync(Func<string, JsonElement?> root, string path, bool keepStored)
    {
        if (root(ValuePath.Root(path)) is not { } value) return null;
        for (var rest = ValuePath.Rest(path); rest is not null; rest = ValuePath.Rest(rest))
        {
            if (!ValuePath.TryStep(await LoadAsync(value), ValuePath.Root(rest), out value)) return null;
        }

        return keepStored && StoredValue.From(value) is not null ? value : await ExpandAsync(value);
    }

    private Task<JsonElement> LoadAsync(JsonElement value)
    {
        if (StoredValue.From(value) is not { } stored) return Task.FromResult(value);
        var key = $"{stored.Ref.Sha256} {stored.IsText}";
        if (!loaded.TryGetValue(key, out var reading) || reading.IsFaulted) loaded[key] = reading = ReadAsync(stored);
        return reading;
    }

    private async Task<JsonElement> ReadAsync(StoredValue stored) =>
        stored.Read(await context.CallActivityAsync(ActivityReferences.ReadContent, stored.Ref, new CallOptions { Label = "state" }));

    /// <summary>The value with all that is stored in it: what leaves the state must make sense without it.</summary>
    private async Task<JsonElement> ExpandAsync(JsonElement value)
    {
        value = await LoadAsync(value);
        if (!HasStored(value)) return value;
        if (value.ValueKind == JsonValueKind.Object)
        {
            var properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var property in value.EnumerateObject()) properties[property.Name] = await ExpandAsync(property.Value);
            return GraphState.Document(properties.Keys, key => properties[key]);
        }

        var items = new List<JsonElement>();
        foreach (var item in value.EnumerateArray()) items.Add(await ExpandAsync(item));
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var item in items) item.WriteTo(writer);
            writer.WriteEndArray();
        }

        return DurableJson.Parse(buffer.WrittenMemory);
    }

    private static bool HasStored(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => StoredValue.From(value) is not null || value.EnumerateObject().Any(property => HasStored(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(HasStored),
        _ => false,
    };
}
