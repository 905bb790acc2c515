using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.ToolFanOut;

/// <summary>Says what is wrong with an input. Whether a tool exists is known only where it is called: there it is a permanent failure of its branch.</summary>
internal static class ToolFanOutValidation
{
    public const int MostCalls = 50_000;
    private const int MostErrors = 100;

    public static void Check(ToolFanOutInput input, InputErrors errors)
    {
        var count = input.Calls.Count;
        errors.AddIf(count is 0 or > MostCalls, "calls", $"There are {count.ToString("N0", CultureInfo.InvariantCulture)} calls. Send 1 to 50,000.");
        errors.AddIf(input.BranchTimeout <= TimeSpan.Zero || input.BranchTimeout > TimeSpan.FromDays(1), "branchTimeout", $"The branch timeout is {input.BranchTimeout}. It must be above 0 and at most 1 day (1.00:00:00).");
        errors.AddIf(input.MaxParallel is < 1 or > 10_000, "maxParallel", $"maxParallel is {input.MaxParallel}. It must be 1 to 10,000.");
        errors.AddIf(input.MaxAttempts is < 1 or > 10, "maxAttempts", $"maxAttempts is {input.MaxAttempts}. It must be 1 to 10.");
        if (input.Rate?.Fault() is { } wrong) errors.AddIf(true, "rate", wrong);
        CacheSettingsRules.Check(input.Cache, "cache", errors);
        if (count is 0 or > MostCalls) return;

        errors.AddIf(!input.Quorum.Fits(count), "quorum", $"The quorum is {input.Quorum} of {count} calls. It must be \"all\", a number from 1 to {count}, or a fraction above 0 and up to 1.");
        CheckKeys(input, errors);
    }

    private static void CheckKeys(ToolFanOutInput input, InputErrors errors)
    {
        var keys = new InputKeys(errors);
        for (var i = 0; i < input.Calls.Count && errors.ByPath.Count < MostErrors; i++) CheckCall(input.Calls[i], i, keys, errors);
        for (var i = 0; i < input.Critical.Count && errors.ByPath.Count < MostErrors; i++)
        {
            if (input.Critical[i] is null || !keys.Contains(input.Critical[i])) errors.AddIf(true, $"critical[{i}]", $"No call has the key '{input.Critical[i]}'. Name the key of a call.");
        }
    }

    private static void CheckCall(ToolFanOutCall? call, int place, InputKeys keys, InputErrors errors)
    {
        if (call is null)
        {
            errors.AddIf(true, $"calls[{place}]", "The call is null. Send an object with 'tool'.");
            return;
        }

        keys.Add(call.Key ?? place.ToString(CultureInfo.InvariantCulture), $"calls[{place}].key");
        CacheSettingsRules.Check(call.Cache, $"calls[{place}].cache", errors);
        if (string.IsNullOrWhiteSpace(call.Tool)) errors.AddIf(true, $"calls[{place}].tool", "The tool's name is empty. Name a registered tool.");
        if (call.Arguments is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) } arguments) errors.AddIf(true, $"calls[{place}].arguments", $"The arguments are of kind {arguments.ValueKind}. Send a JSON object, or leave them out.");
    }
}
