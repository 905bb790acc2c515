using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance.Catalogs;

/// <summary>Short forms for the tests' catalogs.</summary>
public static class CatalogBuilderExtensions
{
    /// <summary>Adds an orchestrator from a delegate.</summary>
    public static CatalogBuilder Orchestrator<TInput, TOutput>(this CatalogBuilder catalog, OrchestratorReference<TInput, TOutput> reference, Func<OrchestrationContext, TInput, Task<TOutput>> body)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.AddOrchestrator(reference, new TestOrchestrator<TInput, TOutput>(body));
    }

    /// <summary>Adds an activity from a delegate.</summary>
    public static CatalogBuilder Activity<TInput, TOutput>(this CatalogBuilder catalog, ActivityReference<TInput, TOutput> reference, Func<ActivityContext, TInput, CancellationToken, Task<TOutput>> body)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.AddActivity(reference, _ => new TestActivity<TInput, TOutput>(body));
    }

    /// <summary>Adds an activity that answers at once.</summary>
    public static CatalogBuilder Activity<TInput, TOutput>(this CatalogBuilder catalog, ActivityReference<TInput, TOutput> reference, Func<TInput, TOutput> body) =>
        catalog.Activity(reference, (_, input, _) => Task.FromResult(body(input)));

    /// <summary>Adds the counter entity.</summary>
    public static CatalogBuilder Counter(this CatalogBuilder catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.AddEntity(CounterEntity.Name, new CounterEntity());
    }
}
