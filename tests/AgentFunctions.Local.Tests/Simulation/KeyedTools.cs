using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>
/// A system that outlives the engine's crashes and notes the keys that each of its calls comes with. Its answers get lost by the seed, after the effect as well as before, so that calls
/// are made again by retries, beside those that are made again after a crash.
/// </summary>
/// <param name="seed">Which answers get lost.</param>
internal sealed class KeyedTools(int seed)
{
    private readonly Random random = new(seed);
    private readonly Dictionary<string, int> losses = new(StringComparer.Ordinal);

    /// <summary>The keys of each call, by what it was to do.</summary>
    public Dictionary<string, List<string>> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>How many calls came again.</summary>
    public int Repeats => Keys.Values.Sum(keys => keys.Count - 1);

    /// <summary>Adds the tools <c>note</c>, which may be called again, <c>look</c>, which changes nothing, and <c>once</c>, which is unsafe.</summary>
    public void AddTo(IServiceCollection services) => services
        .AddTool(AIFunctionFactory.Create(Note, "note").With(ToolEffect.Idempotent))
        .AddTool(AIFunctionFactory.Create(Note, "look").With(ToolEffect.ReadOnly, cacheFor: TimeSpan.Zero))
        .AddTool(AIFunctionFactory.Create(Once, "once").With(ToolEffect.Unsafe));

    /// <summary>Fails where a call came with more than one key, or two calls with the same.</summary>
    public void Check(int seed)
    {
        if (Keys.FirstOrDefault(call => call.Value.Distinct(StringComparer.Ordinal).Count() > 1) is { Key: { } call } broken) throw new BrokenPromiseException(seed, $"'{call}' came with the keys {string.Join(", ", broken.Value)}.");
        if (Keys.GroupBy(one => one.Value[0], StringComparer.Ordinal).FirstOrDefault(calls => calls.Count() > 1) is { } same) throw new BrokenPromiseException(seed, $"The key {same.Key} came with {string.Join(", ", same.Select(one => one.Key))}.");
    }

    private string Note(AIFunctionArguments arguments, string what)
    {
        MayLose(what);
        var known = Heard(arguments, what);
        MayLose(what);
        return known;
    }

    private string Once(AIFunctionArguments arguments, string what) => Heard(arguments, what);

    private string Heard(AIFunctionArguments arguments, string what)
    {
        if (!Keys.TryGetValue(what, out var keys)) Keys[what] = keys = [];
        keys.Add(arguments.IdempotencyKey() ?? "none");
        return what;
    }

    private void MayLose(string what)
    {
        if (random.NextDouble() >= 0.2 || losses.GetValueOrDefault(what) >= 2) return;
        losses[what] = losses.GetValueOrDefault(what) + 1;
        throw new IOException("the connection was lost");
    }
}
