using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Durable;

/// <summary>Every orchestrator, activity and entity that a host runs, by name, and the JSON options their values cross history with.</summary>
public sealed class Catalog
{
    internal Catalog(IEnumerable<OrchestratorRegistration> orchestrators, IEnumerable<ActivityRegistration> activities, IReadOnlyDictionary<string, IEntityDefinition> entities, JsonSerializerOptions json)
    {
        Orchestrators = orchestrators.ToDictionary(o => o.Name, StringComparer.OrdinalIgnoreCase);
        Activities = activities.ToDictionary(a => a.Name, StringComparer.OrdinalIgnoreCase);
        Entities = entities;
        Json = json;
    }

    /// <summary>The orchestrators by name, without regard to case.</summary>
    public IReadOnlyDictionary<string, OrchestratorRegistration> Orchestrators { get; }

    /// <summary>The activities by name, without regard to case.</summary>
    public IReadOnlyDictionary<string, ActivityRegistration> Activities { get; }

    /// <summary>The entities by lower-case name.</summary>
    public IReadOnlyDictionary<string, IEntityDefinition> Entities { get; }

    /// <summary>How values cross history.</summary>
    public JsonSerializerOptions Json { get; }

    /// <summary>The orchestrator of this name.</summary>
    /// <param name="name">Its name, without regard to case.</param>
    /// <exception cref="OrchestratorNotFoundException">There is none.</exception>
    public OrchestratorRegistration Orchestrator(string name) =>
        Orchestrators.TryGetValue(name, out var registration) ? registration : throw new OrchestratorNotFoundException(name, PublicOrchestratorNames);

    /// <summary>The orchestrators that clients may start, in alphabetical order.</summary>
    public IEnumerable<string> PublicOrchestratorNames => Orchestrators.Values.Where(o => !o.Internal).Select(o => o.Name).Order(StringComparer.Ordinal);
}

/// <summary>Builds a <see cref="Catalog"/>.</summary>
public sealed class CatalogBuilder
{
    private readonly List<OrchestratorRegistration> orchestrators = [];
    private readonly List<ActivityRegistration> activities = [];
    private readonly Dictionary<string, IEntityDefinition> entities = new(StringComparer.Ordinal);
    private readonly List<IJsonTypeInfoResolver> resolvers = [];

    /// <summary>Adds a source-generated JSON context.</summary>
    /// <param name="resolver">The context.</param>
    public CatalogBuilder AddJson(IJsonTypeInfoResolver resolver)
    {
        resolvers.Add(resolver);
        return this;
    }

    /// <summary>Adds an orchestrator.</summary>
    /// <typeparam name="TInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its result.</typeparam>
    /// <param name="reference">Its name and types.</param>
    /// <param name="orchestrator">The orchestrator; it has no state, so one object serves all runs.</param>
    /// <param name="isInternal">True when only other orchestrators start it. Default: false.</param>
    public CatalogBuilder AddOrchestrator<TInput, TOutput>(OrchestratorReference<TInput, TOutput> reference, Orchestrator<TInput, TOutput> orchestrator, bool isInternal = false)
    {
        ArgumentNullException.ThrowIfNull(reference);
        orchestrators.Add(new OrchestratorRegistration<TInput, TOutput>(reference.Name, isInternal, orchestrator));
        return this;
    }

    /// <summary>Adds an activity.</summary>
    /// <typeparam name="TInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its output.</typeparam>
    /// <param name="reference">Its name and types.</param>
    /// <param name="activity">Makes the activity from the host's services, once for each call.</param>
    public CatalogBuilder AddActivity<TInput, TOutput>(ActivityReference<TInput, TOutput> reference, Func<IServiceProvider, Activity<TInput, TOutput>> activity)
    {
        ArgumentNullException.ThrowIfNull(reference);
        activities.Add(new ActivityRegistration<TInput, TOutput>(reference.Name, activity));
        return this;
    }

    /// <summary>Adds an entity.</summary>
    /// <param name="name">Its name, stored in lower case.</param>
    /// <param name="entity">The entity; it has no state of its own, so one object serves all keys.</param>
    public CatalogBuilder AddEntity(string name, IEntityDefinition entity)
    {
        ArgumentNullException.ThrowIfNull(name);
        entities.Add(name.ToLowerInvariant(), entity);
        return this;
    }

    /// <summary>The catalog.</summary>
    /// <exception cref="ArgumentException">Two registrations have one name.</exception>
    public Catalog Build()
    {
        var catalog = new Catalog(orchestrators, activities, entities, DurableJson.CreateOptions([DurableJsonContext.Default, .. resolvers]));
        foreach (var orchestrator in orchestrators) orchestrator.Use(catalog);
        return catalog;
    }
}

/// <summary>An orchestrator that starts others by a name in its input: it is told of the catalog it is part of.</summary>
internal interface ICatalogUser
{
    /// <summary>Called once, when the catalog is built.</summary>
    /// <param name="catalog">The catalog.</param>
    void Use(Catalog catalog);
}
