using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.SpeculativeRace;

/// <summary>Says what is wrong with an input.</summary>
internal static class SpeculativeRaceValidation
{
    public static void Check(SpeculativeRaceInput input, InputErrors errors)
    {
        CheckPrompt(input, errors);
        errors.AddIf(input.Accept.MinLength is < 0 or > 100_000, "accept.minLength", $"minLength is {input.Accept.MinLength}. It must be 0 to 100,000.");
        errors.AddIf(input.Accept.MustContain is { Length: 0 or > 1_000 }, "accept.mustContain", $"mustContain has {input.Accept.MustContain?.Length} characters. Give it 1 to 1,000, or leave it out.");
        CacheSettingsRules.Check(input.Cache, "cache", errors);
        errors.AddIf(input.Cache?.Mode == CacheMode.Only, "cache.mode", "With Only no path would ask a model. Set it on the path that is to ask the cache.");
        errors.AddIf(input.Paths.Count > 0 && input.Paths.All(path => path?.Cache?.Mode == CacheMode.Only), "paths", "All paths ask the cache only. Add one that asks a model.");
        errors.AddIf(input.Paths.Count is 0 or > 20, "paths", $"There are {input.Paths.Count} paths. Send 1 to 20.");
        if (input.Paths.Count > 20) return;

        var keys = new InputKeys(errors);
        for (var i = 0; i < input.Paths.Count; i++)
        {
            var path = $"paths[{i}]";
            if (input.Paths[i] is not { } it)
            {
                errors.AddIf(true, path, "The path is null. Send an object with 'key' and 'model'.");
                continue;
            }

            keys.Add(it.Key, $"{path}.key");
            CacheSettingsRules.Check(it.Cache, $"{path}.cache", errors);
            errors.AddIf(string.IsNullOrWhiteSpace(it.Model), $"{path}.model", "The model is empty. Name a tier (fast, balanced, capable) or a configured model.");
            errors.AddIf(it.StartAfter < TimeSpan.Zero || it.StartAfter > TimeSpan.FromHours(1), $"{path}.startAfter", $"startAfter is {it.StartAfter}. It must be 0 to 1 hour.");
        }
    }

    private static void CheckPrompt(SpeculativeRaceInput input, InputErrors errors)
    {
        errors.AddIf(input.Prompt is not null && input.PromptRef is not null, "prompt", "Both 'prompt' and 'promptRef' are set. Send one of them.");
        errors.AddIf(input.PromptRef is null && string.IsNullOrWhiteSpace(input.Prompt), "prompt", "The prompt is empty. Say what to answer.");
        errors.AddIf(input.Prompt is { Length: > 1_000_000 }, "prompt", $"The prompt has {input.Prompt?.Length} characters. Send at most 1,000,000.");
        errors.AddIf(input.PromptRef is { } address && !address.IsValid(), "promptRef", $"'{input.PromptRef?.Sha256}' with length {input.PromptRef?.Length} is no content address. Send 64 lower-case hexadecimal digits as 'sha256' and the number of bytes as 'length'.");
    }
}
