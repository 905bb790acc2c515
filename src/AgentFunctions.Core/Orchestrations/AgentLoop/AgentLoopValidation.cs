using System.Globalization;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.AgentLoop;

/// <summary>Says what is wrong with an input. Whether the tools exist is found out before the first turn.</summary>
internal static class AgentLoopValidation
{
    public const int LongestTask = 1_000_000;
    public const int LongestInstructions = 8_000;
    public const int MostTools = 128;
    public const int LongestName = 100;

    public static void Check(AgentLoopInput input, InputErrors errors)
    {
        CheckTask(input.Task, errors);
        errors.AddIf(input.Instructions.Length > LongestInstructions, "instructions", $"The instructions have {input.Instructions.Length} characters, and every turn carries them. Use at most 8,000; put long material into the task.");
        errors.AddIf(string.IsNullOrWhiteSpace(input.Model), "model", "The model is empty. Name a tier (fast, balanced, capable) or a configured model, or leave it out.");
        CheckTools(input.Tools, errors);
        CheckName(input.Session, "session", errors);
        CheckName(input.Agent, "agent", errors);
        CheckLimits(input, errors);
        CacheSettingsRules.Check(input.Cache, "cache", errors);
        errors.AddIf(input.MaxOutputTokens is < 1 or > 100_000, "maxOutputTokens", $"maxOutputTokens is {input.MaxOutputTokens}. It must be 1 to 100,000.");
        errors.AddIf(input.Temperature is < 0 or > 2 or float.NaN, "temperature", $"temperature is {input.Temperature?.ToString(CultureInfo.InvariantCulture)}. It must be 0 to 2.");
        errors.AddIf(input.SpeculationThreshold is < 0.5 or > 1 or double.NaN, "speculationThreshold", $"speculationThreshold is {input.SpeculationThreshold.ToString(CultureInfo.InvariantCulture)}. It must be 0.50 to 1.");
    }

    private static void CheckTask(Content task, InputErrors errors)
    {
        errors.AddIf(task.Text is null == task.Ref is null, "task", $"The task has {(task.Text is null ? "neither" : "both")} 'text' {(task.Text is null ? "nor" : "and")} 'ref'. Send one of them.");
        errors.AddIf(task.Text is not null && string.IsNullOrWhiteSpace(task.Text), "task.text", "The task is empty. Say what to do.");
        errors.AddIf(task.Text?.Length > LongestTask, "task.text", $"The task has {task.Text?.Length} characters. Use at most 1,000,000.");
        errors.AddIf(task.Ref is { } address && !address.IsValid(), "task.ref", $"'{task.Ref?.Sha256}' with length {task.Ref?.Length} is no content address. Send 64 lower-case hexadecimal digits as 'sha256' and the number of bytes as 'length'.");
    }

    private static void CheckTools(IReadOnlyList<string> tools, InputErrors errors)
    {
        errors.AddIf(tools.Count > MostTools, "tools", $"There are {tools.Count} tools. Name at most {MostTools}.");
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(tools.Count, MostTools); i++)
        {
            if (string.IsNullOrWhiteSpace(tools[i])) errors.AddIf(true, $"tools[{i}]", "The tool's name is empty. Name a registered tool.");
            else if (!places.TryAdd(tools[i], i)) errors.AddIf(true, $"tools[{i}]", $"The tool '{tools[i]}' is also tools[{places[tools[i]]}]. Name it once.");
        }
    }

    private static void CheckName(string? name, string path, InputErrors errors)
    {
        if (name is null) return;
        errors.AddIf(name.Length > LongestName || string.IsNullOrWhiteSpace(name), path, $"'{name}' has {name.Length} characters. Use 1 to {LongestName}, not only white space, or leave it out.");
        errors.AddIf(name.Any(char.IsControl), path, "It has a control character. Leave it out.");
    }

    private static void CheckLimits(AgentLoopInput input, InputErrors errors)
    {
        errors.AddIf(input.MaxTurns is < 1 or > 1000, "maxTurns", $"maxTurns is {input.MaxTurns}. It must be 1 to 1,000.");
        errors.AddIf(input.MaxTokens < 1, "maxTokens", $"maxTokens is {input.MaxTokens}. It must be 1 or more, or left out.");
        errors.AddIf(input.MaxCostUsd <= 0, "maxCostUsd", $"maxCostUsd is {input.MaxCostUsd?.ToString(CultureInfo.InvariantCulture)}. It must be above 0, or left out.");
        errors.AddIf(input.MaxDuration <= TimeSpan.Zero || input.MaxDuration > TimeSpan.FromDays(7), "maxDuration", $"maxDuration is {input.MaxDuration}. It must be above 0 and at most 7 days (7.00:00:00).");
        errors.AddIf(input.MaxParallelTools is < 1 or > 100, "maxParallelTools", $"maxParallelTools is {input.MaxParallelTools}. It must be 1 to 100.");
        errors.AddIf(input.ToolTimeout <= TimeSpan.Zero || input.ToolTimeout > TimeSpan.FromDays(1), "toolTimeout", $"toolTimeout is {input.ToolTimeout}. It must be above 0 and at most 1 day (1.00:00:00).");
    }
}
