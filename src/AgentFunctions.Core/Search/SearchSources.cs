using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Search;

/// <summary>A source of the host's own.</summary>
/// <param name="Name">The name that runs search it by.</param>
/// <param name="Source">The source.</param>
public sealed record NamedSearchSource(string Name, ISearchSource Source);

/// <summary>The sources of a host: those of its configuration and its own by name, and those that a request describes.</summary>
public sealed class SearchSources
{
    private readonly Dictionary<string, Lazy<ISearchSource>> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly SearchSourceFactory factory;

    internal SearchSources(SearchOptions options, IEnumerable<NamedSearchSource> own, SearchSourceFactory factory)
    {
        this.factory = factory;

        // Made at the first search: a model or a tool that is not there fails its own source only.
        foreach (var (name, source) in options.Sources) byName.Add(name, new Lazy<ISearchSource>(() => factory.Configured(name, source)));
        foreach (var (name, source) in own)
        {
            if (!byName.TryAdd(name, new Lazy<ISearchSource>(source))) throw new ArgumentException($"Two search sources are named '{name}'. Give one of them another name.", nameof(own));
        }

        Names = [.. byName.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The names, in alphabetical order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The source of this name.</summary>
    /// <param name="name">The name, without regard to case.</param>
    /// <exception cref="PermanentFailureException">There is none; the message names those there are.</exception>
    public ISearchSource Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return byName.TryGetValue(name, out var source) ? source.Value : throw new PermanentFailureException(
            $"There is no search source '{name}'. " + (Names.Count == 0 ? $"None is configured: set {SearchOptions.Section}:Sources:{name}." : $"There are: {string.Join(", ", Names)}."));
    }

    /// <summary>The source that a request means.</summary>
    /// <param name="settings">Its name, or what describes it.</param>
    /// <param name="tenant">Who asks; documents that come with a request are that tenant's.</param>
    /// <param name="cancellationToken">Stops the read of documents that are stored.</param>
    /// <exception cref="PermanentFailureException">There is no such source, or not exactly one is meant.</exception>
    /// <exception cref="ContentNotFoundException">Its documents are not in the content store.</exception>
    public async ValueTask<ISearchSource> ResolveAsync(SourceSettings settings, string tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings switch
        {
            { Name: { } name, Documents: null, Http: null, Tool: null } => Get(name),
            { Name: null, Documents: { } documents, Http: null, Tool: null } => await factory.OfAsync(documents, tenant, cancellationToken),
            { Name: null, Documents: null, Http: { } http, Tool: null } => factory.Of(http),
            { Name: null, Documents: null, Http: null, Tool: { } tool } => factory.Of(tool),
            _ => throw new PermanentFailureException("A search has not exactly one of 'name', 'documents', 'http' and 'tool'. Set one of them."),
        };
    }
}
