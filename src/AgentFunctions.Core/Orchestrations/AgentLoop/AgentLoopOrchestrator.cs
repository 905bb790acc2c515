using System.Text;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.AgentLoop;

/// <summary>
/// A model and tools, in turns, until the model answers: each turn asks the model once and runs all the tools that it wants at once. What fails goes back to the model as an error;
/// limits end the loop with a reason. The shape is ReAct's (Yao and others, "ReAct: Synergizing Reasoning and Acting in Language Models", 2023), over tool calls.
/// </summary>
public sealed class AgentLoopOrchestrator : Orchestrator<AgentLoopInput, AgentLoopResult>
{
    /// <inheritdoc/>
    public override void Validate(AgentLoopInput input, InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        AgentLoopValidation.Check(input, errors);
    }

    /// <inheritdoc/>
    public override async ValueTask<AgentLoopInput> PrepareAsync(AgentLoopInput input, IContentStore content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Task.Text is { } text && Encoding.UTF8.GetByteCount(text) >= Content.InlineBytes ? input with { Task = await Content.FromTextAsync(text, content, cancellationToken) } : input;
    }

    /// <inheritdoc/>
    /// <exception cref="TaskFailedException">A tool is unknown, the model failed in the first turn, or the session could not be read.</exception>
    public override async Task<AgentLoopResult> RunAsync(OrchestrationContext context, AgentLoopInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        using var clock = new AgentClock(context, input.MaxDuration);
        return await new AgentRun(context, input, clock).RunAsync();
    }
}
