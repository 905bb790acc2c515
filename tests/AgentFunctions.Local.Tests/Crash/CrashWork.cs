using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentFunctions.Core;
using AgentFunctions.CrashHost;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>Runs that take a few seconds in many steps, each of which leaves a line in the ledger.</summary>
internal static class CrashWork
{
    public const int ModelMilliseconds = 100;
    private const int Stations = 24;
    private const int Group = 6;

    /// <summary>A MapReduce of 24 chunks, 4 groups and the result: about 1.8 s.</summary>
    public static CrashRun MapReduce { get; } = new("MapReduce", MapReduceInput(), MapReduceEffects);

    /// <summary>A ToolFanOut of 40 calls, 4 at once: about 2 s.</summary>
    public static CrashRun ToolFanOut { get; } = Calls(40, milliseconds: 200, parallel: 4);

    /// <summary>A ToolFanOut of calls of the tool <c>ledger</c>.</summary>
    public static CrashRun Calls(int count, int milliseconds, int parallel)
    {
        var calls = Enumerable.Range(1, count).Select(i => $$$"""{"key":"call-{{{i}}}","tool":"ledger","arguments":{"name":"call-{{{i}}}","milliseconds":{{{milliseconds}}}}}""");
        return new CrashRun(
            "ToolFanOut",
            $$"""{"calls":[{{string.Join(',', calls)}}],"maxParallel":{{parallel}}}""",
            id => Enumerable.Range(1, count).ToDictionary(i => $"call-{i}", i => LedgerServices.ToolEffect(id, $"call-{i}"), StringComparer.Ordinal));
    }

    /// <summary>A result without what no two runs have in common: how long things took.</summary>
    public static string Timeless(JsonElement output)
    {
        var node = JsonNode.Parse(output.GetRawText())!;
        Strip(node);
        return node.ToJsonString();
    }

    private static void Strip(JsonNode? node)
    {
        if (node is JsonObject properties)
        {
            properties.Remove("elapsed");
        }

        foreach (var child in node switch { JsonObject o => o.Select(p => p.Value), JsonArray a => a, _ => [] })
        {
            Strip(child);
        }
    }

    private static string MapReduceInput()
    {
        var documents = Enumerable.Range(1, Stations).Select(i => new JsonObject
        {
            ["id"] = $"station-{i:D2}",
            ["text"] = $"Station {i:D2} was opened in {1820 + (i * 3)} by the harbour board. Its keeper reported {i * 7} ships in the first winter and lost {i % 4} boats. "
                + $"The board paid {i * 110} pounds for the tower, and the light of the station was seen at {10 + i} miles.",
        });
        return new JsonObject
        {
            ["task"] = "Summarise what the stations cost and what they saw.",
            ["documents"] = new JsonArray([.. documents]),
            ["chunkTokens"] = 200,
            ["groupSize"] = Group,
            ["maxParallel"] = 2,
        }.ToJsonString();
    }

    private static Dictionary<string, string> MapReduceEffects(string instanceId)
    {
        var effects = Enumerable.Range(1, Stations).ToDictionary(i => $"chunk {i - 1}", i => LedgerChatClient.MapEffect(i.ToString("D2", CultureInfo.InvariantCulture)), StringComparer.Ordinal);
        for (var group = 0; group < Stations / Group; group++)
        {
            effects.Add($"level 1 group {group}", Combine((group * Group) + 1, (group + 1) * Group));
        }

        effects.Add("result", Combine(1, Stations));
        return effects;

        static string Combine(int first, int last) => LedgerChatClient.CombineEffect(first.ToString(CultureInfo.InvariantCulture), last.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>A run to be crashed.</summary>
/// <param name="Orchestrator">The orchestrator's name.</param>
/// <param name="Input">Its input, as JSON.</param>
/// <param name="EffectsOf">By the run's ID: the ledger's line of each step's effect, by the step's label.</param>
internal sealed record CrashRun(string Orchestrator, string Input, Func<string, IReadOnlyDictionary<string, string>> EffectsOf)
{
    /// <summary>Its result where nothing goes wrong, without times: from a host in memory whose effects take no time.</summary>
    public async Task<string> FaultFreeAsync()
    {
        var hosts = new LocalHostFactory(AgentFunctionsCatalog.Create(), services => services.AddLedger(new EffectLedger(path: null, TimeSpan.Zero)));
        await using var host = await hosts.StartAsync(new LocalHostOptions { Urls = "http://127.0.0.1:0", MinimumLogLevel = Microsoft.Extensions.Logging.LogLevel.Error }, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = host.Address };
        return CrashWork.Timeless((await new HostClient(http).FinishAsync(Orchestrator, Input, "fault-free")).GetProperty("output"));
    }
}
