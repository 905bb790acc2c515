using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities.CircuitBreaker;
using AgentFunctions.Core.Entities.Budget;
using AgentFunctions.Core.Entities.Session;
using AgentFunctions.Core.Entities.Habits;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Core.Entities.Scaling;

namespace AgentFunctions.Core.Entities;

/// <summary>The entities, by kind. In Azure each has a function of the same name.</summary>
public static class EntityReferences
{
    /// <summary>An agent's conversation across runs: <see cref="SessionEntity"/>.</summary>
    /// <param name="id">The session's ID.</param>
    /// <param name="tenant">Whose it is: two tenants' sessions of one ID are two.</param>
    public static EntityId Session(string id, string tenant = Tenants.Default) => new(SessionEntity.Name, Tenants.InstanceId(tenant, id));

    /// <summary>What an agent used to do next: <see cref="ToolHabitsEntity"/>.</summary>
    /// <param name="agent">The agent's name.</param>
    /// <param name="tenant">Whose it is: what one tenant's agents do is not told to another's.</param>
    public static EntityId ToolHabits(string agent, string tenant = Tenants.Default) => new(ToolHabitsEntity.Name, Tenants.InstanceId(tenant, agent));

    /// <summary>A budget: <see cref="BudgetEntity"/>.</summary>
    /// <param name="account">Whose, and for how long.</param>
    public static EntityId Budget(BudgetAccountId account) => new(BudgetEntity.Name, account.Key());

    /// <summary>The limiter of a deployment: <see cref="RateLimiterEntity"/>.</summary>
    /// <param name="deployment">The deployment's name. What Durable Functions allows in no instance ID (/ \ # ? and control characters) is an underscore in the entity's key.</param>
    public static EntityId RateLimiter(string deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return new(RateLimiterEntity.Name, KeyOf(deployment));
    }

    /// <summary>The circuit breaker of a deployment or a tool, for all tenants: <see cref="CircuitBreakerEntity"/>.</summary>
    /// <param name="target">A <see cref="Resilience.CircuitTarget.Key"/>. What Durable Functions allows in no instance ID is an underscore in the entity's key.</param>
    public static EntityId CircuitBreaker(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new(CircuitBreakerEntity.Name, KeyOf(target));
    }

    private static string KeyOf(string name) => string.Concat(name.Select(character => character is '/' or '\\' or '#' or '?' || char.IsControl(character) ? '_' : character));
    /// <summary>The workers of an app, and how many there should be: <see cref="ScalingEntity"/>.</summary>
    /// <param name="app">The app's name.</param>
    public static EntityId Scaling(string app) => new(ScalingEntity.Name, app);
    /// <summary>The limiter of calls that runs make by a name of their own, such as that of an API: <see cref="RateLimiterEntity"/>. It is never that of a deployment.</summary>
    /// <param name="name">The name.</param>
    /// <param name="tenant">Whose it is: one tenant's runs do not use up another's calls.</param>
    public static EntityId CallRate(string name, string tenant = Tenants.Default) => RateLimiter($"calls:{tenant}:{name}");
}
