using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Telemetry;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

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
            .AddEntities()
            .AddToolActivities()
            .AddModelActivities()
            .AddBatchActivities()
            .AddResultActivities()
            .AddSearchActivities()
            .AddCacheActivities()
            .AddJson(TelemetryJson.Resolver);
        extend?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Adds the activities that call models, keep conversations and read texts. They need <see cref="ModelServices.AddModels"/>, and <c>StreamModel</c> needs <see cref="ToolServices.AddTools"/>.</summary>
    /// <param name="builder">The catalog's builder.</param>
    public static CatalogBuilder AddModelActivities(this CatalogBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .AddJson(ModelsJsonContext.Default)
            .AddJson(ConversationsJsonContext.Default)
            .AddActivity(ActivityReferences.CallModel, host => host.GetRequiredService<CallModelActivity>())
            .AddActivity(ActivityReferences.StreamModel, StreamModel)
            .AddActivity(ActivityReferences.StoreMessages, host => new StoreMessagesActivity(host.GetRequiredService<ConversationStore>()))
            .AddActivity(ActivityReferences.ReadContent, host => host.GetRequiredService<ReadContentActivity>());
    }

    private static StreamModelActivity StreamModel(IServiceProvider host) => new(
        host.GetRequiredService<IModelCatalog>(),
        host.GetRequiredService<ToolRegistry>(),
        host.GetRequiredService<IContentStore>(),
        host.GetRequiredService<ConversationStore>(),
        host.GetRequiredService<IRunOutput>(),
        host.GetService<IRunClient>,
        host.GetService<ILoggerFactory>()?.CreateLogger<StreamModelActivity>() ?? (ILogger)NullLogger.Instance);
}
