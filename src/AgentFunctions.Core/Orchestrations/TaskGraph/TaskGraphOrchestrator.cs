using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>
/// A graph of steps: tools, models, other orchestrators, people, conditions, and graphs within. Whatever is ready runs, up to a limit. A node
/// that fails takes with it what depends on it and nothing else.
/// </summary>
public sealed class TaskGraphOrchestrator : Orchestrator<TaskGraphInput, TaskGraphResult>, ICatalogUser
{
    private Catalog? catalog;

    /// <inheritdoc/>
    void ICatalogUser.Use(Catalog catalog) => this.catalog = catalog;

    /// <inheritdoc/>
    public override void Validate(TaskGraphInput input, InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        new TaskGraphValidation(Known, errors).Check(input);
    }

    /// <inheritdoc/>
    public override async ValueTask<TaskGraphInput> PrepareAsync(TaskGraphInput input, IContentStore content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(content);
        return await new TaskGraphPreparation(Known, content).PrepareAsync(input, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The input is one that <see cref="Validate"/> refuses.</exception>
    public override Task<TaskGraphResult> RunAsync(OrchestrationContext context, TaskGraphInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        return new GraphRun(context, input, Known).RunAsync();
    }

    private Catalog Known => catalog ?? throw new InvalidOperationException("TaskGraph starts other orchestrators by name. Register it with CatalogBuilder.AddOrchestrator, and build the catalog.");
}
