using System.Text.Json;

namespace AgentFunctions.Core.Durable;

/// <summary>
/// An entity: state for a key, changed one operation at a time. Operations are pure functions of (state, input, now); the engine saves the
/// new state and the answer together, so each operation applies once. An operation that throws changes nothing.
/// </summary>
/// <typeparam name="TState">The state: a sealed init-only record. It is saved as JSON.</typeparam>
public abstract class Entity<TState> : IEntityDefinition
    where TState : class
{
    private readonly Dictionary<string, Func<JsonSerializerOptions, object, JsonElement, EntityContext, EntityOutcome>> operations = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The state of a key that has had no operation yet.</summary>
    protected abstract TState InitialState { get; }

    /// <summary>Registers an operation. Call it in the constructor.</summary>
    /// <typeparam name="TInput">The operation's input.</typeparam>
    /// <typeparam name="TOutput">The operation's answer.</typeparam>
    /// <param name="operation">The operation's name and types.</param>
    /// <param name="apply">(state, input, context) to the new state and the answer. Pure. A state of null removes the entity; its next operation begins with <see cref="InitialState"/>.</param>
    protected void On<TInput, TOutput>(EntityOperation<TInput, TOutput> operation, Func<TState, TInput, EntityContext, (TState? State, TOutput Answer)> apply)
    {
        ArgumentNullException.ThrowIfNull(operation);
        operations.Add(operation.Name, (json, state, input, context) =>
        {
            var (next, answer) = apply((TState)state, Serialization.DurableJson.Read<TInput>(input, json), context);
            return new EntityOutcome(next, Serialization.DurableJson.Write(answer, json));
        });
    }

    object IEntityDefinition.ReadState(ReadOnlyMemory<byte> state, JsonSerializerOptions json) =>
        state.IsEmpty ? InitialState : Serialization.DurableJson.Read<TState>(state, json);

    ReadOnlyMemory<byte> IEntityDefinition.WriteState(object? state, JsonSerializerOptions json) => state is null ? default : Serialization.DurableJson.Write((TState)state, json);

    EntityOutcome IEntityDefinition.Apply(string operation, object state, JsonElement input, EntityContext context, JsonSerializerOptions json) =>
        operations.TryGetValue(operation, out var apply)
            ? apply(json, state, input, context)
            : throw new PermanentFailureException($"The entity {context.Id} has no operation '{operation}'. Its operations: {string.Join(", ", operations.Keys.Order(StringComparer.Ordinal))}.");
}

/// <summary>What an engine needs of an entity, without its types.</summary>
public interface IEntityDefinition
{
    /// <summary>The state object from its saved JSON; the initial state where nothing is saved.</summary>
    /// <param name="state">The saved JSON, or empty.</param>
    /// <param name="json">The catalog's JSON options.</param>
    object ReadState(ReadOnlyMemory<byte> state, JsonSerializerOptions json);

    /// <summary>The JSON to save for a state object; empty where the entity is to be removed.</summary>
    /// <param name="state">A state that this definition made, or null.</param>
    /// <param name="json">The catalog's JSON options.</param>
    ReadOnlyMemory<byte> WriteState(object? state, JsonSerializerOptions json);

    /// <summary>Applies one operation; pure.</summary>
    /// <param name="operation">The operation's name, compared without regard to case.</param>
    /// <param name="state">The state before.</param>
    /// <param name="input">The operation's input.</param>
    /// <param name="context">Which entity, and the time.</param>
    /// <param name="json">The catalog's JSON options.</param>
    /// <exception cref="PermanentFailureException">There is no such operation.</exception>
    EntityOutcome Apply(string operation, object state, JsonElement input, EntityContext context, JsonSerializerOptions json);
}

/// <summary>Which entity an operation is applied to, and when.</summary>
/// <param name="Id">The entity's address.</param>
/// <param name="UtcNow">The time of the operation.</param>
public sealed record EntityContext(EntityId Id, DateTimeOffset UtcNow);

/// <summary>What an operation led to.</summary>
/// <param name="State">The state after it; null where the entity is to be removed.</param>
/// <param name="Answer">The answer, as UTF-8 JSON.</param>
public sealed record EntityOutcome(object? State, ReadOnlyMemory<byte> Answer);
