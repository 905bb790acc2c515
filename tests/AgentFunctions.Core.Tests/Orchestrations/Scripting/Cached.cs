using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Tests.Orchestrations.Scripting;

/// <summary>Answers from a cache, for scripts.</summary>
internal static class Cached
{
    public static CacheNote Note { get; } = new() { Source = CacheSource.Store, Key = new string('c', 64), Age = TimeSpan.FromSeconds(7), Saved = new Cost(2, 1, 0.5m) };

    /// <summary>A note of an answer to another question.</summary>
    public static CacheNote Semantic { get; } = Note with { Source = CacheSource.Semantic, Question = "How can I?", Score = 0.91 };

    public static ModelReply Reply(string text, CacheNote? note = null) => new() { Text = new Content { Text = text }, Model = "m", Cost = Cost.None, Cache = note ?? Note };

    public static ModelReply Fresh(string text) => new() { Text = new Content { Text = text }, Model = "m", Cost = new Cost(2, 1, 0.5m) };

    public static ToolReply Value(string json) => new() { Value = System.Text.Json.JsonElement.Parse(json), Cost = Cost.None, Cache = Note };
}
