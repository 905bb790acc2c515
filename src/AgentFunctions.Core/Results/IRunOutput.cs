using System.Text.Json;

namespace AgentFunctions.Core.Results;

/// <summary>Where a run's live output goes: tokens while a model answers. What is lost here is lost only to those who watch: the run's result never depends on it.</summary>
public interface IRunOutput
{
    /// <summary>Adds a piece of output.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="kind">What it is: one of <see cref="RunOutputKinds"/>.</param>
    /// <param name="data">Its data.</param>
    /// <param name="cancellationToken">Stops it.</param>
    ValueTask AppendAsync(string instanceId, string kind, JsonElement data, CancellationToken cancellationToken);
}

/// <summary>The kinds of output that a run has.</summary>
public static class RunOutputKinds
{
    /// <summary>A model begins to answer: a <see cref="TurnStarted"/>. After a crash it may begin again; what came before for the same turn is then void.</summary>
    public const string Turn = "turn";

    /// <summary>A piece of a model's answer: a <see cref="TokenText"/>.</summary>
    public const string Token = "token";

    /// <summary>A tool call whose arguments are complete: a <see cref="ToolCallText"/>.</summary>
    public const string ToolCall = "toolCall";
}

/// <summary>A model begins to answer.</summary>
/// <param name="Turn">The turn, from 1.</param>
/// <param name="CallId">The call of the run that asks; an attempt of the engine at the same call has the same.</param>
/// <param name="Model">The model's name.</param>
public sealed record TurnStarted(int Turn, int CallId, string Model);

/// <summary>A piece of a model's answer.</summary>
/// <param name="Turn">The turn, from 1.</param>
/// <param name="Text">The piece.</param>
public sealed record TokenText(int Turn, string Text);

/// <summary>A tool call that a model asks for.</summary>
/// <param name="Turn">The turn, from 1.</param>
/// <param name="Call">The call.</param>
public sealed record ToolCallText(int Turn, Models.Conversations.ModelToolCall Call);

/// <summary>Keeps no output: for hosts that nobody watches.</summary>
public sealed class SilentRunOutput : IRunOutput
{
    /// <summary>Does nothing.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="data">Its data.</param>
    /// <param name="cancellationToken">Not looked at.</param>
    public ValueTask AppendAsync(string instanceId, string kind, JsonElement data, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
