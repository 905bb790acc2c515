using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Search.Mapped;

/// <summary>Searches with a tool.</summary>
/// <param name="search">Which tool, and how.</param>
/// <param name="callTool">What calls it.</param>
/// <param name="store">Where large answers are.</param>
internal sealed class ToolSearchSource(ToolSearch search, Activity<ToolCall, ToolReply> callTool, IContentStore store) : ISearchSource
{
    public async Task<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var call = new ToolCall { Tool = search.Tool, Arguments = SearchTemplate.Arguments(search.Arguments, query.Text, query.Top), Cache = query.Cache };
        var reply = await callTool.RunAsync(query.Call, call, cancellationToken);
        var answer = reply.Ref is { } stored ? DurableJson.Parse(await store.GetAsync(stored, cancellationToken)) : reply.Value ?? default;
        if (answer.ValueKind == JsonValueKind.Undefined) throw new PermanentFailureException($"The tool '{search.Tool}' answered nothing. Name a tool that answers hits.");
        return new SearchAnswer(MappedHits.Read(answer, search.Result, query.Top, $"The tool '{search.Tool}'"), reply.Cost, reply.Cache);
    }
}
