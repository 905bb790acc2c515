using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using Microsoft.DurableTask.Entities;

namespace AgentFunctions.App.Durable;

/// <summary>Runs an entity of the catalog on Durable Functions, which saves the state and applies one operation at a time.</summary>
internal sealed class FunctionsEntity(Catalog catalog, TimeProvider time) : ITaskEntity
{
    public ValueTask<object?> RunAsync(TaskEntityOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var id = new EntityId(operation.Context.Id.Name, operation.Context.Id.Key);
        try
        {
            if (!catalog.Entities.TryGetValue(id.Name, out var definition))
            {
                throw new EntityNotFoundException(id.Name);
            }

            var saved = operation.State.HasState ? DurableJson.Write(operation.State.GetState<JsonElement>(), catalog.Json) : default(ReadOnlyMemory<byte>);
            var input = operation.HasInput ? operation.GetInput<JsonElement>() : default;
            var outcome = definition.Apply(operation.Name, definition.ReadState(saved, catalog.Json), input, new EntityContext(id, time.GetUtcNow()), catalog.Json);
            operation.State.SetState(outcome.State is { } state ? DurableJson.Parse(definition.WriteState(state, catalog.Json)) : null);
            return new ValueTask<object?>(DurableJson.Parse(outcome.Answer));
        }
        catch (Exception e)
        {
            throw FailureText.ToThrow(e, $"{id}.{operation.Name}", catalog.Json);
        }
    }
}
