using System.Buffers;
using System.Collections;
using System.Text.Json;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>
/// The state of a graph: the initial values and each node's output, kept apart. What a node sees is merged on demand, from the nodes before
/// it only, in the graph's order. So it depends on the outputs, and never on which of two independent nodes was done first. Pure.
/// </summary>
internal sealed class GraphState
{
    private readonly GraphPlan plan;
    private readonly IReadOnlyDictionary<string, MergeRule> rules;
    private readonly Dictionary<string, JsonElement> initial = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> writers = new(StringComparer.Ordinal);
    private readonly JsonElement?[] outputs;

    public GraphState(GraphPlan plan, TaskGraphInput input)
    {
        this.plan = plan;
        rules = input.Merge;
        outputs = new JsonElement?[plan.Nodes.Count];
        if (input.State is { ValueKind: JsonValueKind.Object } state)
        {
            foreach (var property in state.EnumerateObject()) initial[property.Name] = property.Value;
        }

        foreach (var node in plan.Order)
        {
            var key = plan.Nodes[node].OutputKey;
            if (!writers.TryGetValue(key, out var places)) writers.Add(key, places = []);
            places.Add(node);
        }
    }

    /// <summary>Everything that has given an output.</summary>
    public BitArray All { get => new(plan.Nodes.Count, true); }

    public void Add(int node, JsonElement output) => outputs[node] = output;

    /// <summary>Why a node's output can't be merged, or null where it can.</summary>
    public string? Fault(int node, JsonElement output) =>
        RuleOf(plan.Nodes[node].OutputKey) == MergeRule.Sum && output.ValueKind != JsonValueKind.Number
            ? $"The output of '{plan.Nodes[node].Key}' goes into the sum '{plan.Nodes[node].OutputKey}', but it is {Bounded.Text(output.GetRawText(), 100)} and no number. Give it another 'output', or another merge rule."
            : null;

    /// <summary>The value of a key as seen by those who see these nodes; null where there is none.</summary>
    public JsonElement? Find(string key, BitArray seen)
    {
        JsonElement? first = initial.TryGetValue(key, out var given) ? given : null;
        if (!writers.TryGetValue(key, out var places)) return first;
        var values = places.Where(place => seen[place] && outputs[place] is not null).Select(place => outputs[place]!.Value).ToList();
        if (values.Count == 0) return first;
        return RuleOf(key) switch
        {
            MergeRule.First => first ?? values[0],
            MergeRule.Append => Append(first, values),
            MergeRule.Sum => Sum(first is { } start ? values.Prepend(start) : values),
            _ => values[^1],
        };
    }

    /// <summary>The whole state as seen by those who see these nodes: the initial keys, then those of the nodes in order.</summary>
    public JsonElement Document(BitArray seen) => Document(initial.Keys.Concat(writers.Keys).Distinct(StringComparer.Ordinal), key => Find(key, seen));

    /// <summary>An object of these keys.</summary>
    public static JsonElement Document(IEnumerable<string> keys, Func<string, JsonElement?> find)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var key in keys)
            {
                if (find(key) is not { } value) continue;
                writer.WritePropertyName(key);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return DurableJson.Parse(buffer.WrittenMemory);
    }

    private MergeRule RuleOf(string key) => rules.TryGetValue(key, out var rule) ? rule : MergeRule.Replace;

    private static JsonElement Append(JsonElement? first, List<JsonElement> values)
    {
        IEnumerable<JsonElement> before = first is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : first is { } one ? [one] : [];
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var value in before.Concat(values)) value.WriteTo(writer);
            writer.WriteEndArray();
        }

        return DurableJson.Parse(buffer.WrittenMemory);
    }

    /// <summary>In decimals where that goes, so that 0.1 + 0.2 is 0.3; else in doubles.</summary>
    private static JsonElement Sum(IEnumerable<JsonElement> values)
    {
        var all = values.ToList();
        try
        {
            if (all.TrueForAll(value => value.TryGetDecimal(out _))) return Number(writer => writer.WriteNumberValue(all.Sum(value => value.GetDecimal())));
        }
        catch (OverflowException)
        {
            // Beyond 7.9e28: doubles go on.
        }

        var sum = all.Sum(value => value.GetDouble());
        return double.IsFinite(sum) ? Number(writer => writer.WriteNumberValue(sum)) : JsonElement.Parse("null");
    }

    private static JsonElement Number(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        return DurableJson.Parse(buffer.WrittenMemory);
    }
}
