using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Core;

/// <summary>Everything that this project runs: what each host builds its catalog from.</summary>
public static class AgentFunctionsCatalog
{
    /// <summary>The catalog.</summary>
    /// <param name="extend">Adds orchestrators, activities and entities of your own. Default: none.</param>
    public static Catalog Create(Action<CatalogBuilder>? extend = null)
    {
        var builder = new CatalogBuilder()
            .AddPatterns()
            .AddToolActivities()
            .AddModelActivities()
            .AddBatchActivities()
            .AddResultActivities()
            .AddJson(TelemetryJson.Resolver);
        extend?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Adds the activities that call models and read texts. They need <see cref="ModelServices.AddModels"/>.</summary>
    /// <param name="builder">The catalog's builder.</param>
    public static CatalogBuilder AddModelActivities(this CatalogBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .AddJson(ModelsJsonContext.Default)
            .AddActivity(ActivityReferences.CallModel, host => host.GetRequiredService<CallModelActivity>())
            .AddActivity(ActivityReferences.ReadContent, host => host.GetRequiredService<ReadContentActivity>());
    }
}
