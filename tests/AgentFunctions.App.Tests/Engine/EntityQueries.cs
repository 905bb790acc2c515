using DurableTask.Core.Entities;

namespace AgentFunctions.App.Tests.Engine;

/// <summary>Reads an entity's state from the orchestration that keeps it.</summary>
internal sealed class EntityQueries(EntityService service) : EntityBackendQueries
{
    public override async Task<EntityMetadata?> GetEntityAsync(EntityId id, bool includeState = false, bool includeStateless = false, CancellationToken cancellation = default)
    {
        if (await service.GetOrchestrationStateAsync(id.ToString(), executionId: null!) is not { } state || ClientEntityHelpers.GetEntityState(state.Input) is not { } saved)
        {
            return null;
        }

        return new EntityMetadata { EntityId = id, LastModifiedTime = state.LastUpdatedTime, SerializedState = includeState ? saved : null };
    }

    public override Task<EntityQueryResult> QueryEntitiesAsync(EntityQuery query, CancellationToken cancellation) => throw new NotSupportedException("No test lists entities.");

    public override Task<CleanEntityStorageResult> CleanEntityStorageAsync(CleanEntityStorageRequest request = default, CancellationToken cancellation = default) =>
        throw new NotSupportedException("No test cleans entities.");
}
