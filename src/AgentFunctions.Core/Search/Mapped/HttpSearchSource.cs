using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Tools;
using AgentFunctions.Core.Tools.Http;

namespace AgentFunctions.Core.Search.Mapped;

/// <summary>Searches a service over HTTP: through the tool <c>http-get</c>, so its allow-list, its address guard and its limits hold.</summary>
/// <param name="search">The URL, and where the hits are.</param>
/// <param name="callTool">What calls <c>http-get</c>, and keeps what may be kept.</param>
/// <param name="store">Where large answers are.</param>
internal sealed class HttpSearchSource(HttpSearch search, Activity<ToolCall, ToolReply> callTool, IContentStore store) : ISearchSource
{
    public async Task<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var url = SearchTemplate.Url(search.Url, query.Text, query.Top);
        var arguments = JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["url"] = JsonSerializer.SerializeToElement(url, SearchJsonContext.Default.String) }, ToolsJsonContext.Default.DictionaryStringJsonElement);
        var called = await callTool.RunAsync(query.Call, new ToolCall { Tool = "http-get", Arguments = arguments, Cache = query.Cache }, cancellationToken);
        var reply = called.Ref is { } stored ? DurableJson.Parse(await store.GetAsync(stored, cancellationToken)) : called.Value ?? throw new PermanentFailureException("The tool 'http-get' answered no JSON. Register the built-in one under this name.");
        var text = reply.Deserialize(ToolsJsonContext.Default.WebText)!;
        return new SearchAnswer(MappedHits.Read(Parsed(text), search.Result, query.Top, $"'{text.Url}'"), called.Cost, called.Cache);
    }

    private static JsonElement Parsed(WebText reply)
    {
        try
        {
            return DurableJson.Parse(System.Text.Encoding.UTF8.GetBytes(reply.Text));
        }
        catch (JsonException error)
        {
            throw new PermanentFailureException($"'{reply.Url}' answered no JSON: {error.Message} Give the URL of a service that answers JSON.", error);
        }
    }
}
