using System.Text.Json;
using System.Text.Json.Serialization;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Durable;

/// <summary>What a call cost. Outputs that carry one have it in a property named <c>cost</c>, where timelines look for it.</summary>
/// <param name="InputTokens">Tokens sent.</param>
/// <param name="OutputTokens">Tokens received.</param>
/// <param name="Usd">US dollars.</param>
/// <param name="Estimated">True when it was computed from lengths and not reported by the provider. Default: false.</param>
/// <param name="CachedInputTokens">How many of the tokens sent the provider had read before (its own prefix cache) and charges less for. Left out of JSON where it is 0, the default.</param>
public sealed record Cost(long InputTokens, long OutputTokens, decimal Usd, bool Estimated = false, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long CachedInputTokens = 0)
{
    /// <summary>Nothing.</summary>
    public static Cost None { get; } = new(0, 0, 0);

    /// <summary>Both together; estimated when one of them is.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static Cost operator +(Cost left, Cost right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(left.InputTokens + right.InputTokens, left.OutputTokens + right.OutputTokens, left.Usd + right.Usd, left.Estimated || right.Estimated, left.CachedInputTokens + right.CachedInputTokens);
    }

    /// <summary>The cost that an output says it had, or null where it says none.</summary>
    /// <param name="output">An activity's or sub-orchestration's output.</param>
    /// <param name="json">The catalog's options.</param>
    public static Cost? Of(JsonElement output, JsonSerializerOptions json)
    {
        if (output.ValueKind != JsonValueKind.Object || !output.TryGetProperty("cost", out var cost) || cost.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        try
        {
            return DurableJson.Read<Cost>(cost, json);
        }
        catch (JsonException)
        {
            // Some other tool's idea of a cost: not ours to add up.
            return null;
        }
    }

    /// <summary>All that are known together; null where none is.</summary>
    /// <param name="costs">Some costs; null for one that is not known.</param>
    public static Cost? Sum(IEnumerable<Cost?> costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        Cost? sum = null;
        foreach (var cost in costs)
        {
            if (cost is not null) sum = sum is null ? cost : sum + cost;
        }

        return sum;
    }

    /// <summary>Both together.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static Cost Add(Cost left, Cost right) => left + right;
}

/// <summary>An output that says what it cost.</summary>
public interface ICosted
{
    /// <summary>What it cost, or null where that is not known.</summary>
    Cost? Cost { get; }
}
