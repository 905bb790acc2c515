using AgentFunctions.App.Durable;
using AgentFunctions.Core.Durable;
using Microsoft.Azure.Functions.Worker;

namespace AgentFunctions.App.Triggers;

/// <summary>A function for each entity of the catalog, of the same name.</summary>
public sealed class EntityTriggers
{
    private readonly FunctionsEntity entities;

    /// <summary>Takes what the triggers call.</summary>
    /// <param name="catalog">The entities.</param>
    /// <param name="time">The clock of operations.</param>
    public EntityTriggers(Catalog catalog, TimeProvider time) => entities = new FunctionsEntity(catalog, time);

    /// <summary>An agent's conversation across runs.</summary>
    /// <param name="dispatcher">Durable Functions' dispatcher.</param>
    [Function("session")]
    public Task Session([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(entities);

    /// <summary>What an agent used to do next.</summary>
    /// <param name="dispatcher">Durable Functions' dispatcher.</param>
    [Function("toolhabits")]
    public Task ToolHabits([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(entities);

    /// <summary>The limits of a deployment, over all workers.</summary>
    /// <param name="dispatcher">Durable Functions' dispatcher.</param>
    [Function("ratelimiter")]
    public Task RateLimiter([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(entities);

    /// <summary>What a tenant, a run or all may spend, over all workers.</summary>
    /// <param name="dispatcher">Durable Functions' dispatcher.</param>
    [Function("budget")]
    public Task Budget([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(entities);
    /// <summary>What all workers know together of a deployment or a tool that may break.</summary>
    /// <param name="dispatcher">Durable Functions' dispatcher.</param>
    [Function("circuitbreaker")]
    public Task CircuitBreaker([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(entities);
    /// <summary>The workers of this app, and how many there should be.</summary>
    /// <param name="dispatcher">Durable Functions' dispatcher.</param>
    [Function("scaling")]
    public Task Scaling([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(entities);
}
