using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Local.ProviderSimulator;

namespace AgentFunctions.Benchmarks.Patterns;

/// <summary>
/// A model for each tier, each a provider simulator of its own over HTTP, and some that always say the same. Real times: fast, and those that always say the same, 300 ms
/// to the first token and 5 ms a token, balanced 600 and 10, capable 1,000 and 15.
/// </summary>
internal sealed class SimulatedModels : IModelCatalog, IAsyncDisposable
{
    /// <summary>Does not know.</summary>
    public const string Hasty = "hasty";

    /// <summary>Takes the second of what it is to judge.</summary>
    public const string Judge = "judge";

    /// <summary>Orders four hits.</summary>
    public const string Ranker = "ranker";

    /// <summary>Splits a query in three.</summary>
    public const string Splitter = "splitter";

    private readonly Dictionary<string, ResolvedModel> models = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SimulatedProvider> providers = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Names => [.. models.Keys.Order(StringComparer.Ordinal)];

    public static async Task<SimulatedModels> StartAsync(Pace pace, CallRecord record)
    {
        var all = new SimulatedModels();
        await all.AddAsync(ModelTiers.Fast, Options(300, 5), record);
        await all.AddAsync(ModelTiers.Balanced, Options(600, 10), record);
        await all.AddAsync(ModelTiers.Capable, Options(1000, 15), record);
        foreach (var (name, text) in new[] { (Hasty, "I do not know."), (Judge, "2"), (Ranker, "2, 1, 3, 4"), (Splitter, "prices of pumps\ndelivery times of pumps\ncomplaints about pumps") })
        {
            await all.AddAsync(name, Options(300, 5) with { Script = new ProviderScript([new ScriptedTurn(text)]) }, record);
        }

        return all;

        ProviderSimulatorOptions Options(double firstToken, double token) =>
            new() { Port = 0, BaseMilliseconds = firstToken / pace.Scale, MillisecondsPerToken = token / pace.Scale, BatchSeconds = 20 / pace.Scale };
    }

    public Uri Endpoint(string model) => providers[model].Endpoint;

    public ResolvedModel Resolve(string model) => models.TryGetValue(model, out var found) ? found : throw new PermanentFailureException($"There is no model '{model}'. There are: {string.Join(", ", Names)}.");

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in providers.Values) await provider.DisposeAsync();
    }

    private async Task AddAsync(string name, ProviderSimulatorOptions options, CallRecord record)
    {
        var provider = providers[name] = await SimulatedProvider.StartAsync(options);
        var own = $"simulated-{name}";
        models[name] = new ResolvedModel(new RecordedModel(new OpenAIChatClient(own, new OpenAIConnection { Endpoint = provider.Endpoint }), record), own, ModelPrice.Free);
    }
}
