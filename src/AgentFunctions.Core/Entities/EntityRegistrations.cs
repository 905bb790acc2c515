using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities.CircuitBreaker;
using AgentFunctions.Core.Entities.Budget;
using AgentFunctions.Core.Entities.Session;
using AgentFunctions.Core.Entities.Habits;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Entities.Scaling;

namespace AgentFunctions.Core.Entities;

/// <summary>Adds the entities to a catalog.</summary>
public static class EntityRegistrations
{
    /// <summary>Adds them with their JSON.</summary>
    /// <param name="builder">The catalog's builder.</param>
    public static CatalogBuilder AddEntities(this CatalogBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .AddJson(SessionJsonContext.Default)
            .AddEntity(SessionEntity.Name, new SessionEntity())
            .AddJson(ToolHabitsJsonContext.Default)
            .AddEntity(ToolHabitsEntity.Name, new ToolHabitsEntity())
            .AddJson(RateLimiterJsonContext.Default)
            .AddEntity(RateLimiterEntity.Name, new RateLimiterEntity())
            .AddJson(CircuitBreakerJsonContext.Default)
            .AddEntity(CircuitBreakerEntity.Name, new CircuitBreakerEntity())
            .AddJson(BudgetJsonContext.Default)
            .AddEntity(BudgetEntity.Name, new BudgetEntity())
            .AddJson(ScalingJsonContext.Default)
            .AddEntity(ScalingEntity.Name, new ScalingEntity());
    }
}
