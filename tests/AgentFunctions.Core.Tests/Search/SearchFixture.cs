using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using AgentFunctions.Core.Tools.Http;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Search;

/// <summary>A host's search with sources of a test.</summary>
internal sealed class SearchFixture
{
    private readonly SearchSources sources;

    public SearchFixture(SearchOptions? options = null, IEnumerable<AIFunction>? tools = null, IEmbeddingCatalog? embeddings = null, TimeProvider? time = null, HttpGetOptions? http = null)
    {
        var clock = time ?? TimeProvider.System;
        var registry = new ToolRegistry([new HttpGetTool(http ?? new HttpGetOptions(), clock), .. tools ?? []]);
        var factory = new SearchSourceFactory(new CallToolActivity(registry, Store), embeddings ?? new EmbeddingCatalog(new ModelOptions(), clock), Store, clock);
        sources = new SearchSources(options ?? new SearchOptions(), [], factory);
    }

    public MemoryContentStore Store { get; } = new();

    public SearchSources Sources => sources;

    public Task<SearchReply> SearchAsync(SourceSettings source, string query, int top = 10, CancellationToken cancellationToken = default) =>
        new SearchSourceActivity(sources).RunAsync(new ActivityContext("run", "SearchSource", 0), new SearchRequest { Query = query, Top = top, Source = source }, cancellationToken);

    public async Task<IReadOnlyList<string>> IdsAsync(SourceSettings source, string query, int top = 10) => [.. (await SearchAsync(source, query, top)).Hits.Select(hit => hit.Id)];

    public static SourceSettings Named(string name) => new() { Name = name };

    public static SearchOptions Options(params (string Name, SearchSourceOptions Source)[] sources)
    {
        var options = new SearchOptions();
        foreach (var (name, source) in sources) options.Sources.Add(name, source);
        return options;
    }
}
